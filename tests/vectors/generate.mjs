// Writes canonical.jsonl: JSON texts with what Node makes of them, the same on every run.
//
//     node tests/vectors/generate.mjs > tests/vectors/canonical.jsonl
//
// A line is {"text" or "base64", "canonical", "signature"}; "canonical" is left out where it is the text itself. A line with
// "refused" holds a text that JSON.parse refuses, or bytes that are not UTF-8. Node 20 wrote the committed file.
import { createHmac } from 'node:crypto';
import { isUtf8 } from 'node:buffer';

const SEED = 20240611;
const SECRET = 'test-secret';

let state = SEED;
function random(bound) {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) % bound;
}
const pick = (list) => list[random(list.length)];
const times = (count, make) => Array.from({ length: count }, (_, index) => make(index));
const nest = (depth, open, middle, close) => open.repeat(depth) + middle + close.repeat(depth);

const written = new Set();
function write(bytes) {
  const name = bytes.toString('latin1');
  if (written.has(name)) return;
  written.add(name);
  const record = {};
  const text = bytes.toString();
  if (isUtf8(bytes)) record.text = text;
  else record.base64 = bytes.toString('base64');
  try {
    if (!isUtf8(bytes)) throw new Error('not text');
    const canonical = JSON.stringify(JSON.parse(text.replace(/^\ufeff/, '')));
    if (canonical !== text) record.canonical = canonical;
    record.signature = createHmac('sha256', SECRET).update(canonical).digest('hex');
  } catch {
    record.refused = true;
  }
  const ascii = (unit) => '\\u' + unit.charCodeAt(0).toString(16).padStart(4, '0');
  process.stdout.write(JSON.stringify(record).replace(/[\u007f-\uffff]/g, ascii) + '\n');
}
const writeText = (text) => write(Buffer.from(text));

// Numbers: the limits, then random doubles and decimals in every notation.
const NUMBERS = [
  '0', '-0', '-0.0', '0.0', '0e5', '-0e-5', '0e99999', '1', '-1', '1.0', '1.50', '10', '100', '1e0', '1E0', '1e+0', '1e-0', '1e00001',
  '1e5', '1e20', '1e21', '9e20', '999999999999999900000', '999999999999999999999', '123456789012345678901', '1e22', '1e23', '-1e21',
  '0.1', '0.01', '0.000001', '0.0000001', '0.00000123', '1e-6', '1e-7', '123e-8', '1.5e-9', '0.1e-6', '100e-7', '-0.000001', '-0.0000001', '-0.05',
  '9007199254740991', '9007199254740992', '9007199254740993', '9007199254740995', '-9007199254740993', '999999999999999', '1000000000000000',
  '9999999999999999', '99999999999999999999', '4294967295', '2147483648', '-2147483649', '1634567890123', '18446744073709551615',
  '18446744073709551616', '1.7976931348623157e308', '1.7976931348623158e308', '1.7976931348623159e308', '1e308', '1e309', '-1e309', '1e400',
  '-1e400', '1e99999999999', '1e-99999999999', '2.2250738585072014e-308', '2.2250738585072011e-308', '5e-324', '4.9e-324', '3e-324', '2.5e-324',
  '2.4703282292062327e-324', '2.4703282292062328e-324', '2e-324', '1e-400', '0.30000000000000004', '0.1234567890123456789', '1.7976931348623157081e308',
  '1' + '0'.repeat(308), '1' + '0'.repeat(309), '0.' + '0'.repeat(322) + '5', '0.' + '0'.repeat(400) + '1', '1.' + '0'.repeat(200) + '1',
  '9007199254740993.' + '0'.repeat(800) + '1', '9007199254740992.' + '9'.repeat(800), '1' + '7'.repeat(900) + 'e-880', '0.' + '3'.repeat(300),
];
function double() {
  const view = new DataView(new ArrayBuffer(8));
  for (;;) {
    view.setUint32(0, random(2 ** 32));
    view.setUint32(4, random(2 ** 32));
    const number = view.getFloat64(0);
    if (Number.isFinite(number)) return number;
  }
}
const digits = (length) => times(length, () => random(10)).join('');
function decimal() {
  const integer = random(3) === 0 ? '0' : `${1 + random(9)}${digits(random(pick([4, 10, 18, 24])))}`;
  const fraction = random(2) === 0 ? '' : `.${pick(['', '0', '000', '00000', '0000000'])}${digits(1 + random(pick([3, 18, 24])))}${pick(['', '0', '000'])}`;
  const exponent = random(3) > 0 ? '' : pick(['e', 'E']) + pick(['', '+', '-']) + random(pick([5, 30, 340]));
  return pick(['', '-']) + integer + fraction + exponent;
}
const NOTATIONS = [
  () => String(double()), () => double().toExponential(), () => double().toPrecision(17), () => double().toExponential(16).replace('e', 'E'),
  () => String(random(2 ** 32) / 2 ** random(40)), () => (random(2 ** 32) / 100).toFixed(random(6)), decimal, decimal, decimal,
];
const number = () => (random(4) === 0 ? pick(NUMBERS.filter((text) => text.length < 40)) : pick(NOTATIONS)());

// Strings: every kind of character, as itself and in both cases of escape.
const UNITS = [
  0x00, 0x01, 0x07, 0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x1f, 0x20, 0x22, 0x2f, 0x5c, 0x61, 0x7e, 0x7f, 0x80, 0x9f, 0xa0, 0xad, 0xe9, 0x7ff, 0x800, 0x2028, 0x2029,
  0xd7ff, 0xd800, 0xd83d, 0xdbff, 0xdc00, 0xde00, 0xdfff, 0xe000, 0xfeff, 0xfffd, 0xfffe, 0xffff,
];
const LITERALS = [' ', '/', 'a', 'Z', '~', '\u007f', '\u0080', '\u00a0', 'é', '\u07ff', '\u0800', '\u2028', '\u2029', '\ud7ff', '\ue000', '\ufeff', '\ufffd', '\uffff', '😀', '\u{10000}', '\u{10ffff}'];
function escape(unit) {
  const hex = unit.toString(16).padStart(4, '0');
  return '\\u' + pick([hex, hex.toUpperCase()]);
}
const character = () => pick([
  () => pick(LITERALS), () => pick(LITERALS), () => escape(pick(UNITS)), () => pick(['\\"', '\\\\', '\\/', '\\b', '\\f', '\\n', '\\r', '\\t']),
  () => escape(0xd800 + random(0x400)) + escape(0xdc00 + random(0x400)), () => 'plain text of some length'.slice(random(24)),
])();
const string = () => `"${times(random(pick([3, 8, 20])), character).join('')}"`;

// Keys: few enough to collide, also by two spellings of one text.
const KEYS = [
  'a', 'b', '\\u0061', '', ' ', '0', '1', '2', '10', '9', '01', '00', '-1', '-0', '1.0', '1e0', '\\u0031', '4294967293', '4294967294', '4294967295', '4294967296',
  '9007199254740991', '18446744073709551616', '٣', '__proto__', 'constructor', 'toJSON', 'toString', 'length', 'é', '\\u00e9', '\\u00E9', 'e\\u0301', '\\ud800', '\\uD800',
  '\\udc00', '\\ud83d\\ude00', '😀', '\\ud83d', '\\ude00', '\\/', '/', '\\\\', '\\"', '\\n', '\\u000a', '\\u2028', '\u2028', '\u007f', '\\u0000', 'event_type', 'render_id',
];
const key = () => `"${random(5) === 0 ? random(40) : random(8) === 0 ? string().slice(1, -1) : pick(KEYS)}"`;

const space = () => (random(3) ? '' : pick([' ', '\t', '\n', '\r', '  ', '\r\n']));
const spaced = (text) => space() + text + space();
function value(depth) {
  if (depth > 0 && random(2)) {
    const length = random(6);
    return random(3) === 0
      ? `[${times(length, () => spaced(value(depth - 1))).join(',')}]`
      : `{${times(length, () => `${spaced(key())}:${spaced(value(depth - 1))}`).join(',')}}`;
  }
  return pick([number, string, () => pick(['true', 'false', 'null'])])();
}
const members = (count, make) => `{${times(count, (index) => `"${make(index)}":${index}`).join(',')}}`;

const event = (overrides) => ({
  render_id: 'rnd_abc123', variation_id: 'var_xyz789', variation_type: 'staging', base_variation_id: 'var_removal123', timestamp: 1634567890123, event_type: 'done',
  result: { url: 'https://results.example.com/image.jpg', optimized_url: 'https://results.example.com/image_optimized.webp', thumbnail_url: 'https://results.example.com/image_thumb.jpg' },
  ...overrides,
});

const REFUSED = [
  '', ' ', '\t\n', '\ufeff', '\ufeff\ufeff1', ' \ufeff1', '1\ufeff', '\u00a01', '1\u00a0', '\u20281', '\u000b1', '\f1', '1\0', '\0', '1 2', '1,', ',1', '[', ']', '{', '}', '[1', '[1,', '[1,]', '[,1]',
  '[1 2]', '[1}', '{"a":1]', '{"a"}', '{"a":}', '{"a":1,}', '{,"a":1}', '{"a" 1}', '{"a"::1}', '{a:1}', "{'a':1}", '{1:1}', '{"a":1 "b":2}', '{"a":1', '{"a":', '{"a"', '{"', '{null:1}', '"', '"a', "'a'", '"\\', '"\\"',
  '"\\x41"', '"\\v"', '"\\0"', '"\\\'"', '"\\u"', '"\\u0"', '"\\u00"', '"\\u000"', '"\\u00g0"', '"\\u 041"', '"\\u+041"', '"\\U0041"', '"\\é"', '"\\ud800\\u"', '"\\ud800\\udc0"', '"\t"', '"\n"', '"\r"', '"\0"', '"\u001f"', '"a\u0001b"',
  '01', '00', '-01', '-', '--1', '+1', '.5', '-.5', '1.', '1.e5', '-1.', '1e', '1e+', '1e-', '1E', '1e1.5', '1e5e5', '0x10', '0b1', '1_000', '1n', 'NaN', 'Infinity', '-Infinity', 'undefined', 'True', 'tru', 'truee', 'nul', 'null1', 'nullnull',
  'fals', 'truefalse', '[1,2,3', '[[]', '[]]', '{}}', '{}{}', '[][]', '//1', '/*c*/1', '1//c', '[1,/*c*/2]', '#', '1;', '(1)', '١', '٣', '1٣', '１', '"a""b"', '"a"b', '{"a":1,"a"}', '\\u0031', '"\\u0022', '[-]', '[1.,2]', '{"a":01}', '\u0085', '\u30001', '\u180e1', '{"__proto__":}',
];
const NOT_TEXT = [
  [0xff], [0x22, 0xff, 0x22], [0xff, 0xfe, 0x31, 0x00], [0x22, 0xc3, 0x22], [0x22, 0xc0, 0x80, 0x22], [0x22, 0xc1, 0xbf, 0x22], [0x22, 0xe0, 0x80, 0x80, 0x22], [0x22, 0xed, 0xa0, 0x80, 0x22],
  [0x22, 0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80, 0x22], [0x22, 0xf4, 0x90, 0x80, 0x80, 0x22], [0x22, 0xf8, 0x88, 0x80, 0x80, 0x80, 0x22], [0x22, 0xf0, 0x9f, 0x98, 0x22], [0x31, 0x80], [0xef, 0xbb, 0x31], [0x7b, 0x22, 0xe9, 0x22, 0x3a, 0x31, 0x7d],
];

REFUSED.forEach(writeText);
NOT_TEXT.forEach((bytes) => write(Buffer.from(bytes)));
for (const text of ['null', 'true', 'false', '""', '{}', '[]', ' { } ', '[ ]', '[[],{}]', '{"":{}}', '\ufeff1', '\ufeff {"a":1}', '"\ufeff"', '\t\n\r 1 \t\n\r', '"\u007f\u2028\u2029"']) writeText(text);
NUMBERS.forEach(writeText);
UNITS.forEach((unit) => [writeText(`"${escape(unit)}"`), writeText(`"a${escape(unit)}${escape(0xde00)}b"`), writeText(`{"${escape(unit)}":1,"\\ud83d${escape(unit)}":2}`)]);
LITERALS.forEach((text) => writeText(`["${text}",${JSON.stringify(text)}]`));
KEYS.forEach((text) => [writeText(`{"x":0,"${text}":1,"y":2}`), writeText(`{"${text}":1,"${pick(KEYS)}":2,"${pick(KEYS)}":3,"${text}":4}`)]);

writeText(nest(2900, '[', '', ']'));
writeText(nest(1500, '[[0,', '1', ']]').replaceAll(',]', ',0]'));
writeText(nest(1400, '{"a":', '0', '}'));
writeText(nest(600, '{"b":', '0', ',"1":0}'));
writeText(nest(300, '{"a":{"a":', '0', ',"a":1},"b":2}'));
writeText(nest(120, '{"2":[{"x":', '0', '},7],"x":1,"1":{"b":0,"3":0},"x":2}'));
for (const count of [15, 16, 17, 33]) {
  writeText(members(count, (index) => `k${index}`));
  writeText(members(count, (index) => `k${index % 7}`));
  writeText(members(count, (index) => count - index));
  writeText(members(count, (index) => (index % 3 ? `k${(index * 7) % 11}` : (index * 5) % 13)));
}
writeText(members(1200, (index) => (index * 389) % 1201));
writeText(members(1200, (index) => (index % 9 ? `k${(index * 7) % 900}` : index % 90)));

for (const overrides of [{}, { event_type: 'error', result: undefined, error: 'Ошибка: “中文” 😀' }, { event_type: 'update', progress: 0.35 }, { result: [event().result, event().result] }]) {
  const text = JSON.stringify(event(overrides));
  [text, JSON.stringify(event(overrides), null, 2), JSON.stringify(event(overrides), null, '\t').replaceAll('\n', '\r\n'), `\ufeff${text}\n`].forEach(writeText);
  writeText(text.replace(/[^ -~]/g, (unit) => escape(unit.charCodeAt(0))).replaceAll('/', '\\/'));
}

times(600, () => writeText(`[${number()},${number()}]`));
times(300, () => writeText(spaced(string())));
times(600, () => writeText(spaced(value(1 + random(3)))));
times(600, () => {
  const characters = Array.from(spaced(value(1 + random(2))));
  const strange = [...'{}[]:,"\\0123.eE+-tfnu \t', '\0', '\u001f', '\u00a0', '\ufeff', 'é', '😀', ''];
  times(1 + random(2), () => characters.splice(random(characters.length + 1), random(2), pick(strange)));
  writeText(characters.join(''));
});
