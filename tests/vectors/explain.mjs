// Writes explain.jsonl: deliveries that do not verify, with the cause that `vsai::protocol::explain` has to name.
//
//     node tests/vectors/explain.mjs > tests/vectors/explain.jsonl
//
// A line is {"name", "codes", "body" or "body64", "header" or "header64", "live", "others": [[origin, secret]]}. Signatures
// are Node's; what other serialisers write comes from the tools themselves: python3, php, ruby, go, jq, openssl and java with
// gson.jar and jackson-*.jar in /usr/share/java have to be installed. Wrote the committed file: Node 20, Python 3.11, PHP 8.2,
// Ruby 3.1, Go 1.19, jq 1.6, OpenSSL 3.0, Gson 2.10, Jackson 2.14. What .NET and PostgreSQL write is typed out.
import { createHash, createHmac } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { isUtf8 } from 'node:buffer';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SECRET = 'wh-sec/9f86d081884c7d65-Zürich+Q';
const HEX_SECRET = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';
const URL_A = 'https://storage.example.com/o/renders/a.jpg?alt=media&sig=x+y';
const EVENT = {
  render_id: 'rnd_abc123',
  variation_id: 'var_xyz789',
  variation_type: 'staging',
  base_variation_id: 'var_removal123',
  timestamp: 1634567890123,
  event_type: 'done',
  result: { url: URL_A, optimized_url: 'https://storage.example.com/b.webp', thumbnail_url: 'https://storage.example.com/c.jpg' },
};
const RICH = { ...EVENT, note: 'Café “x” "q" it\'s 😀 a\u2028b <b> 1+1=2', list: [1, 2, { a: true, b: [] }], meta: {}, none: null, half: 1.5 };

const hmac = (bytes, key = SECRET, algorithm = 'sha256') => createHmac(algorithm, key).update(bytes);
const hex = (bytes, key) => hmac(bytes, key).digest('hex');
const json = JSON.stringify;
const text = json(EVENT);
const rich = json(RICH);
const pretty = JSON.stringify(EVENT, null, 2);

const folder = mkdtempSync(join(tmpdir(), 'explain-'));
const file = (name, content) => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
const run = (command, args, input = rich, options = {}) => execFileSync(command, args, { input, maxBuffer: 1 << 24, ...options });

function put(field, value) {
  const bytes = Buffer.isBuffer(value) ? value : Buffer.from(value);
  return isUtf8(bytes) ? { [field]: bytes.toString() } : { [`${field}64`]: bytes.toString('base64') };
}
function write(name, codes, { body, header, live = [SECRET], others = [] }) {
  const line = { name, codes: codes.split(' ').filter(Boolean), ...put('body', body), ...put('header', header), live, others };
  process.stdout.write(json(line) + '\n');
}
// The body that arrived, and the bytes that were signed.
const changed = (name, codes, body, signed) => write(name, codes, { body, header: hex(signed) });
// The right body, under a header that is not the bare digits.
const headed = (name, codes, header, body = text) => write(name, codes, { body, header });
// The right body, signed with a key that is not the live secret.
const keyed = (name, codes, key, live = SECRET, others = []) => write(name, codes, { body: text, header: hex(text, key), live: [live], others });

// Body: edges and line ends. Only a text that is not canonical can tell, since JSON is tried in canonical form anyway.
const crlf = pretty.replaceAll('\n', '\r\n');
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);
changed('newline added', 'body_newline_added', pretty + '\n', pretty);
changed('CRLF added', 'body_newline_added', pretty + '\r\n', pretty);
changed('newline added to text that is not JSON', 'body_newline_added', 'hello\n', 'hello');
changed('newline removed', 'body_newline_removed', pretty, pretty + '\n');
changed('CRLF removed', 'body_newline_removed', pretty, pretty + '\r\n');
changed('blanks around', 'body_blanks_added', `  ${pretty}\n\n`, pretty);
changed('NUL at the end', 'body_nul_added', text + '\0', text);
changed('LF became CRLF', 'body_crlf_added', crlf, pretty);
changed('CRLF became LF', 'body_crlf_removed', pretty, crlf);
changed('LF became CRLF and a newline was lost', 'body_crlf_added body_newline_removed', crlf, pretty + '\n');
changed('CRLF became LF and a newline came', 'body_crlf_removed body_newline_removed', pretty, crlf + '\r\n');
changed('BOM added', 'body_bom_added', Buffer.concat([BOM, Buffer.from(pretty)]), pretty);
changed('BOM removed', 'body_bom_removed', pretty, Buffer.concat([BOM, Buffer.from(pretty)]));
changed('BOM and CRLF', 'body_bom_added body_crlf_added', Buffer.concat([BOM, Buffer.from(crlf)]), pretty);
changed('curl -d took the newlines of a pretty file', 'body_newlines_lost', pretty.replaceAll('\n', ''), pretty);
changed('curl -d took the newlines of a pretty file and its last', 'body_newlines_lost', pretty.replaceAll('\n', ''), pretty + '\n');

// Body: what other serialisers signed, while canonical JSON was posted.
for (const [name, codes, space] of [
  ['2 blanks', 'body_pretty_printed', 2], ['4 blanks', 'body_pretty_printed', 4], ['a tab', 'body_pretty_printed', '\t'],
  ['3 blanks', 'body_pretty_printed', 3], ['1 blank', 'body_pretty_printed', 1], ['8 blanks', 'body_pretty_printed', 8],
]) changed(`JSON.stringify with ${name}`, codes, rich, JSON.stringify(RICH, null, space));
changed('pretty with CRLF', 'body_pretty_printed', text, crlf);
const python = (expression) => run('python3', ['-c', `import json,sys\np=json.load(sys.stdin)\nsys.stdout.buffer.write(${expression}.encode())`]);
changed('python dumps', 'body_spaced body_unicode_escaped', rich, python('json.dumps(p)'));
changed('python dumps of ASCII', 'body_spaced', text, run('python3', ['-c', 'import json,sys\nsys.stdout.write(json.dumps(json.load(sys.stdin)))'], text));
changed('python dumps, literal', 'body_spaced', rich, python('json.dumps(p, ensure_ascii=False)'));
changed('python dumps, compact', 'body_unicode_escaped', rich, python('json.dumps(p, separators=(",", ":"))'));
changed('python dumps, sorted', 'body_spaced body_keys_sorted body_unicode_escaped', rich, python('json.dumps(p, sort_keys=True)'));
changed('python dumps, compact, sorted, literal', 'body_keys_sorted', rich, python('json.dumps(p, separators=(",", ":"), sort_keys=True, ensure_ascii=False)'));
changed('python dumps, indent 4', 'body_pretty_printed body_unicode_escaped', rich, python('json.dumps(p, indent=4)'));
changed('python dumps, indent 2, newline', 'body_pretty_printed body_unicode_escaped body_newline_removed', rich, python('(json.dumps(p, indent=2) + "\\n")'));
changed('python str', 'body_signed_python_repr', rich, python('str(p)'));
const php = (flags) => run('php', ['-r', `echo json_encode(json_decode(file_get_contents('php://stdin')), ${flags});`]);
changed('php', 'body_slashes_escaped', rich, php('0'));
changed('php pretty', 'body_pretty_printed body_slashes_escaped', rich, php('JSON_PRETTY_PRINT'));
changed('php without escaped slashes', 'body_unicode_escaped', rich, php('JSON_UNESCAPED_SLASHES'));
changed('php pretty without escaped slashes', 'body_pretty_printed body_unicode_escaped', rich, php('JSON_PRETTY_PRINT|JSON_UNESCAPED_SLASHES'));
changed('php of ASCII', 'body_slashes_escaped', text, run('php', ['-r', "echo json_encode(json_decode(file_get_contents('php://stdin')));"], text));
changed('php literal', 'body_separators_escaped', rich, php('JSON_UNESCAPED_SLASHES|JSON_UNESCAPED_UNICODE'));
const goFile = file('main.go', `package main
import ("encoding/json"; "io"; "os")
func main() {
  var v any
  in, _ := io.ReadAll(os.Stdin)
  json.Unmarshal(in, &v)
  switch os.Args[1] {
  case "encode": json.NewEncoder(os.Stdout).Encode(v)
  case "indent": out, _ := json.MarshalIndent(v, "", "  "); os.Stdout.Write(out)
  default: out, _ := json.Marshal(v); os.Stdout.Write(out)
  }
}`);
run('go', ['build', '-o', join(folder, 'main'), goFile]);
const go = (mode) => run(join(folder, 'main'), [mode]);
changed('go map', 'body_keys_sorted body_html_escaped', rich, go('marshal'));
changed('go map, encoder', 'body_keys_sorted body_html_escaped body_newline_removed', rich, go('encode'));
changed('go map, indented', 'body_pretty_printed body_keys_sorted body_html_escaped', rich, go('indent'));
changed('rails', 'body_html_escaped', rich, run('ruby', ['-rjson', '-e', String.raw`print JSON.generate(JSON.parse(STDIN.read)).gsub(/[<>&\u2028\u2029]/) { |c| format('\u%04x', c.ord) }`]));
changed('ruby pretty', 'body_pretty_printed', text, run('ruby', ['-rjson', '-e', 'print JSON.pretty_generate(JSON.parse(STDIN.read))'], text));
const java = (name, libraries, body) => {
  const source = file(`${name}.java`, `import java.io.*; import java.nio.charset.StandardCharsets;
public class ${name} { public static void main(String[] a) throws Exception {
  String in = new String(System.in.readAllBytes(), StandardCharsets.UTF_8); String out; ${body}
  System.out.write(out.getBytes(StandardCharsets.UTF_8)); System.out.flush(); } }`);
  return run('java', ['-cp', libraries.map((jar) => `/usr/share/java/${jar}.jar`).join(':'), source]);
};
changed('gson', 'body_html_escaped', rich, java('Gson1', ['gson'], 'out = new com.google.gson.GsonBuilder().serializeNulls().create().toJson(com.google.gson.JsonParser.parseString(in));'));
changed('gson pretty', 'body_pretty_printed body_html_escaped', rich, java('Gson2', ['gson'], 'out = new com.google.gson.GsonBuilder().serializeNulls().setPrettyPrinting().create().toJson(com.google.gson.JsonParser.parseString(in));'));
changed('jackson pretty', 'body_pretty_printed', rich, java('Jackson1', ['jackson-core', 'jackson-databind', 'jackson-annotations'], 'out = new com.fasterxml.jackson.databind.ObjectMapper().readTree(in).toPrettyString();'));
changed('.net', 'body_html_escaped', json({ note: 'Café "q" it\'s <b> 1+1 & `x` 😀' }), String.raw`{"note":"Caf\u00E9 \u0022q\u0022 it\u0027s \u003Cb\u003E 1\u002B1 \u0026 \u0060x\u0060 \uD83D\uDE00"}`);
changed('upper-case escapes', 'body_unicode_escaped', json({ note: 'Café 😀' }), String.raw`{"note":"Caf\u00E9 \uD83D\uDE00"}`);
changed('jq', 'body_pretty_printed body_newline_removed', rich, run('jq', ['.']));
changed('jq -S', 'body_pretty_printed body_keys_sorted body_newline_removed', rich, run('jq', ['-S', '.']));
changed('jq -c', 'body_newline_removed', text, run('jq', ['-c', '.'], text));
changed('jq -cS', 'body_keys_sorted body_newline_removed', rich, run('jq', ['-cS', '.']));
changed('postgres jsonb', 'body_spaced body_keys_by_length', json({ render_id: 'r', event_type: 'done', url: 'é' }), '{"url": "é", "render_id": "r", "event_type": "done"}');
changed('floats', 'body_floats', json({ timestamp: 1634567890123, a: [1, -2, 1.5] }), '{"timestamp":1634567890123.0,"a":[1.0,-2.0,1.5]}');
changed('floats of python', 'body_spaced body_floats', json({ timestamp: 1634567890123 }), '{"timestamp": 1634567890123.0}');
changed('numbers as written, pretty on the way', 'body_as_written', '{\n  "timestamp": 1634567890123.0,\n  "s": "\\/"\n}', '{"timestamp":1634567890123.0,"s":"\\/"}');

// Body: rebuilt on the way, while the vendor signed canonical JSON.
const reorder = (value, compare) => JSON.stringify(value, (_, inner) =>
  inner && typeof inner === 'object' && !Array.isArray(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => compare(a, b))) : inner);
const byName = (a, b) => (a < b ? -1 : 1);
const { base_variation_id, ...withoutBase } = EVENT;
const asInExamples = {};
for (const key of ['render_id', 'variation_id', 'variation_type', 'timestamp', 'base_variation_id', 'event_type', 'result']) asInExamples[key] = EVENT[key];
changed('keys sorted on the way', 'body_keys_reordered', reorder(EVENT, byName), text);
changed('keys sorted on the way, order of the examples', 'body_keys_reordered', reorder(EVENT, byName), json(asInExamples));
changed('stored as jsonb', 'body_keys_reordered', reorder(EVENT, (a, b) => a.length - b.length || byName(a, b)), text);
changed('nulls added by a model', 'body_nulls_added', json({ ...EVENT, error_message: null }), text);
const halfDone = { ...withoutBase, result: { url: URL_A, optimized_url: null, thumbnail_url: null } };
changed('nulls dropped by a model', 'body_nulls_dropped', json({ ...withoutBase, result: { url: URL_A } }), json({ ...EVENT, base_variation_id: null, result: halfDone.result }));

// Body: encodings.
const latin1 = Buffer.from(rich.replace(/[^\0-\xff]/gu, '?'), 'latin1');
const accents = json({ note: 'Café à Genève, “guillemets” – 5 €' });
const marks = json({ note: 'Café à Genève – “5 €' }); // Node's own decoder takes windows-1252 for Latin-1.
const cafe = json({ note: 'Café à Genève' });
changed('Latin-1 body', 'body_latin1', Buffer.from(cafe, 'latin1'), cafe);
changed('Windows-1252 body', 'body_latin1', Buffer.from([...accents].map((c) => ({ '“': 0x93, '”': 0x94, '–': 0x96, '€': 0x80 })[c] ?? c.codePointAt(0))), accents);
changed('encoded twice', 'body_double_encoded', Buffer.from(cafe).toString('latin1'), cafe);
changed('encoded twice through Windows-1252', 'body_double_encoded', run('python3', ['-c', 'import sys\nsys.stdout.buffer.write(sys.stdin.buffer.read().decode("cp1252").encode())'], marks), marks);
changed('signed as Latin-1', 'body_signed_as_latin1', cafe, Buffer.from(cafe, 'latin1'));
changed('signed encoded twice', 'body_signed_double_encoded', cafe, Buffer.from(Buffer.from(cafe).toString('latin1')));
changed('invalid UTF-8 replaced before signing', 'body_invalid_utf8_replaced', latin1, new TextDecoder().decode(latin1));
changed('UTF-16 body of PowerShell', 'body_utf16', Buffer.from('\ufeff' + rich, 'utf16le'), rich);
changed('UTF-16 body with CRLF at its end', 'body_utf16', Buffer.from('\ufeff' + text + '\r\n', 'utf16le'), text);
changed('UTF-16 body, big endian', 'body_utf16', Buffer.from('\ufeff' + rich, 'utf16le').swap16(), rich);
changed('UTF-16 body of pretty JSON with CRLF at its end', 'body_utf16 body_newline_added', Buffer.from('\ufeff' + pretty + '\r\n', 'utf16le'), pretty);
changed('Latin-1 form', 'body_percent_encoded body_latin1', [...Buffer.from(cafe, 'latin1')].map((b) => '%' + b.toString(16).padStart(2, '0')).join(''), cafe);
changed('signed as UTF-16', 'body_signed_as_utf16', rich, Buffer.from(rich, 'utf16le'));

// Body: wrapped.
const form = (entries) => new URLSearchParams(entries).toString();
changed('form field', 'body_form_encoded', form({ payload: rich }), rich);
changed('second form field', 'body_form_encoded', form({ token: 'abc', payload: text }), text);
changed('percent-encoded', 'body_percent_encoded', encodeURIComponent(text), text);
changed('base64', 'body_base64', Buffer.from(rich).toString('base64'), rich);
changed('base64 in lines', 'body_base64', run('openssl', ['base64']), rich);
changed('base64url', 'body_base64', Buffer.from(rich).toString('base64url'), rich);
changed('data URL', 'body_base64', 'data:application/json;base64,' + Buffer.from(rich).toString('base64'), rich);
changed('stringified twice', 'body_json_string', json(rich), rich);
changed('API Gateway event', 'body_wrapped', json({ version: '2.0', headers: { host: 'x' }, body: rich, isBase64Encoded: false }), rich);
changed('API Gateway event in base64', 'body_wrapped', json({ version: '2.0', body: Buffer.from(rich).toString('base64'), isBase64Encoded: true }), rich);
changed('SQS records', 'body_wrapped', json({ Records: [{ messageId: 'm', body: rich }] }), rich);
changed('outer object', 'body_wrapped', JSON.stringify({ headers: {}, query: {}, body: RICH }, null, 2), rich);
changed('list of one', 'body_wrapped', json([EVENT]), text);
changed('single quotes of cmd.exe', 'body_quoted', `'${text}'`, text);
changed('escaped quotes', 'body_quotes_escaped', text.replaceAll('"', '\\"'), text);
changed('HTML entities', 'body_html_entities', text.replaceAll('&', '&amp;').replaceAll('"', '&quot;'), text);
changed('plus signs lost', 'body_plus_signs_lost', text.replaceAll('+', ' '), text);
changed('HTTP request', 'body_http_head', `POST /hook HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${Buffer.byteLength(rich)}\r\n\r\n${rich}`, rich);
changed('HTTP answer of curl -i', 'body_http_head', `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n${rich}\n`, rich);
changed('chunked request', 'body_http_head', `POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n0\r\n\r\n`, text);
changed('multipart', 'body_multipart', `--XX\r\nContent-Disposition: form-data; name="f"\r\n\r\n${text}\r\n--XX--\r\n`, text);
changed('log line', 'body_text_around', `10:00:00 received ${text} from 127.0.0.1`, text);
changed('several deliveries, the first', 'body_several_documents', `${text}\n${rich}\n`, text);
changed('several deliveries, the second', 'body_several_documents', `${text}${rich}`, rich);
changed('python bytes', 'body_python_repr', run('python3', ['-c', 'import sys\nsys.stdout.write(repr(sys.stdin.buffer.read()))']), rich);
changed('python dict', 'body_python_repr', run('python3', ['-c', 'import json,sys\nsys.stdout.buffer.write(str(json.load(sys.stdin)).encode())']), rich);
changed('cut by two brackets', 'body_truncated', text.slice(0, -2), text);
changed('cut in its last string', 'body_truncated', text.slice(0, -3), text);

// Body: the signer signed something else.
changed('empty body signed', 'body_signed_empty', text, '');
changed('[object Object]', 'body_signed_placeholder', text, String({}));
changed('undefined', 'body_signed_placeholder', text, `${undefined}`);
changed('signed as a string', 'body_signed_as_string', rich, json(rich));
changed('signed as base64', 'body_signed_as_base64', rich, Buffer.from(rich).toString('base64'));
changed('signed digest, hex', 'body_signed_as_digest', rich, createHash('sha256').update(rich).digest('hex'));
changed('signed digest, bytes', 'body_signed_as_digest', rich, createHash('sha256').update(rich).digest());
headed('Stripe', 'header_timestamped body_signed_with_time', `t=1634567890,v1=${hex(`1634567890.${text}`)}`);

// Header.
const right = hex(text);
const digest = () => hmac(text).digest();
const openssl = (...args) => run('openssl', ['dgst', '-sha256', '-hmac', SECRET, ...args], text);
headed('base64', 'header_base64', digest().toString('base64'));
headed('base64url', 'header_base64', digest().toString('base64url'));
headed('base64 after a prefix', 'header_base64', `sha256=${digest().toString('base64')}`);
headed('base64 of the digits', 'header_base64_of_hex', Buffer.from(right).toString('base64'));
headed('hex of the digits', 'header_hex_twice', Buffer.from(right).toString('hex'));
headed('upper case', 'header_upper_case', right.toUpperCase());
headed('sha256=', 'header_prefixed', `sha256=${right}`);
headed('hmac-sha256=', 'header_prefixed', `hmac-sha256=${right}`);
headed('v1=', 'header_prefixed', `v1=${right}`);
headed('upper case after a prefix', 'header_prefixed header_upper_case', `sha256=${right.toUpperCase()}`);
headed('t= and v1=', 'header_timestamped', `t=1634567890,v1=${right}`);
headed('double quotes', 'header_quoted', `"${right}"`);
headed('single quotes', 'header_quoted', `'${right}'`);
headed('angle brackets', 'header_bracketed', `<${right}>`);
headed('list brackets', 'header_bracketed', `[${right}]`);
headed('newline', 'header_newline', `${right}\n`);
headed('CRLF', 'header_newline', `${right}\r\n`);
headed('the name', 'header_name_included', `X-VSAI-Signature: ${right}`);
headed('0x', 'header_0x', `0x${right}`);
headed('groups of .NET', 'header_separated header_upper_case', right.toUpperCase().match(/../g).join('-'));
headed('groups with colons', 'header_separated', right.match(/../g).join(':'));
headed('openssl', 'header_openssl_output', openssl());
file('body.json', text);
headed('openssl of a file', 'header_openssl_output', run('openssl', ['dgst', '-sha256', '-hmac', SECRET, 'body.json'], '', { cwd: folder }));
headed('openssl -r', 'header_file_name', openssl('-r').toString().trimEnd());
headed('openssl -binary', 'header_binary', openssl('-binary'));
headed('HEX  FILE', 'header_file_name', `${right}  body.json`);
headed('doubled', 'header_doubled', `${right}, ${right}`);
headed('list of two', 'header_several', `${hex(text, 'old')}, ${right}`);
headed('UTF-16 file', 'header_utf16', Buffer.from(`\ufeff${right}\r\n`, 'utf16le'));
headed('BOM', 'header_bom', `\ufeff${right}`);
headed('first 40 digits', 'header_truncated', right.slice(0, 40));
headed('last 60 digits', 'header_truncated', right.slice(4));
headed('63 digits', 'header_truncated', right.slice(0, 63));
headed('truncated after a prefix', 'header_truncated', `sha256=${right.slice(0, 32)}`);
headed('one digit wrong', 'header_mistyped', right.slice(0, 20) + (right[20] === '0' ? '1' : '0') + right.slice(21));
headed('three digits wrong', 'header_mistyped', [...right].map((digit, at) => ([9, 30, 55].includes(at) ? 'g' : digit)).join(''));
headed('letter o', 'header_mistyped', right.replace('0', 'o'));
headed('one digit lost', 'header_mistyped', right.slice(0, 20) + right.slice(21));
headed('digits after it', 'header_text_around', `${right}00`);
headed('other text', 'header_text_around', `signature is ${right} ok`);
headed('plain SHA-256', 'header_other_digest', createHash('sha256').update(text).digest('hex'));
headed('secret before the body', 'header_other_digest', createHash('sha256').update(SECRET + text).digest('hex'));
headed('secret after the body', 'header_other_digest', createHash('sha256').update(text + SECRET).digest('hex'));
headed('arguments swapped', 'header_other_digest', createHmac('sha256', text).update(SECRET).digest('hex'));
headed('HMAC-SHA512', 'header_other_digest', hmac(text, SECRET, 'sha512').digest('hex'));
headed('HMAC-SHA384', 'header_other_digest', hmac(text, SECRET, 'sha384').digest('hex'));
write('signature and payload swapped', 'header_swapped_with_body', { body: right + '\n', header: text });
headed('the secret itself', 'header_is_the_secret', SECRET);

// Secret.
const spoilt = (name, codes, signers, here) => keyed(name, codes, signers, here);
spoilt('newline here', 'secret_newline_added', SECRET, `${SECRET}\n`);
spoilt('CR here', 'secret_newline_added', SECRET, `${SECRET}\r`);
spoilt('newline there', 'secret_newline_removed', `${SECRET}\n`, SECRET);
spoilt('CRLF there', 'secret_newline_removed', `${SECRET}\r\n`, SECRET);
spoilt('CR there', 'secret_newline_removed', `${SECRET}\r`, SECRET);
spoilt('blanks here', 'secret_blanks_added', SECRET, ` ${SECRET} `);
spoilt('blank there', 'secret_blanks_removed', `${SECRET} `, SECRET);
spoilt('quotes here', 'secret_quotes_added', SECRET, `"${SECRET}"`);
spoilt('quotes there', 'secret_quotes_removed', `'${SECRET}'`, SECRET);
spoilt('BOM here', 'secret_bom', SECRET, `\ufeff${SECRET}`);
spoilt('BOM there', 'secret_bom', `\ufeff${SECRET}`, SECRET);
spoilt('hex decoded', 'secret_hex_decoded', Buffer.from(HEX_SECRET, 'hex'), HEX_SECRET);
spoilt('hex encoded', 'secret_hex_encoded', Buffer.from('hunter-two').toString('hex'), 'hunter-two');
spoilt('base64 decoded', 'secret_base64_decoded', Buffer.from('c2VjcmV0/3NlY3JldA==', 'base64'), 'c2VjcmV0/3NlY3JldA==');
spoilt('base64url decoded', 'secret_base64_decoded', Buffer.from('c2VjcmV0_3NlY3JldA', 'base64url'), 'c2VjcmV0_3NlY3JldA');
spoilt('base64 in Kubernetes', 'secret_base64_encoded', Buffer.from(SECRET).toString('base64'), SECRET);
spoilt('echo | base64 here', 'secret_base64_decoded', SECRET, run('base64', ['-w0'], `${SECRET}\n`).toString());
spoilt('echo | base64 there', 'secret_base64_encoded', run('base64', ['-w0'], `${SECRET}\n`).toString(), SECRET);
spoilt('whsec_ stripped', 'secret_prefix_removed', 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');
spoilt('Standard Webhooks', 'secret_prefix_removed', Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64'), 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');
spoilt('whsec_ added', 'secret_prefix_added', 'whsec_abcdefgh', 'abcdefgh');
spoilt('percent-encoded there', 'secret_percent_encoded', form({ x: 'a+b/c=' }).slice(2), 'a+b/c=');
spoilt('percent-encoded here', 'secret_percent_decoded', 'a+b/c=', encodeURIComponent('a+b/c='));
spoilt('upper case there', 'secret_letter_case', HEX_SECRET.toUpperCase(), HEX_SECRET);
spoilt('SHA-256 of it', 'secret_hashed', createHash('sha256').update(SECRET).digest('hex'), SECRET);
spoilt('UTF-16', 'secret_utf16', Buffer.from(SECRET, 'utf16le'), SECRET);
spoilt('Latin-1', 'secret_latin1', Buffer.from(SECRET, 'latin1'), SECRET);
spoilt('.env line', 'secret_kept_in_document', SECRET, `VSAI_WEBHOOK_SECRET="${SECRET}"`);
spoilt('.env file', 'secret_kept_in_document', SECRET, `# keys\nVSAI_API_KEY=abc\nexport VSAI_WEBHOOK_SECRET=${SECRET}`);
spoilt('two lines', 'secret_kept_in_document', SECRET, `old-secret\n${SECRET}`);
spoilt('JSON document', 'secret_kept_in_document', SECRET, json({ webhook: { secret: SECRET } }));
const shell = (word) => run('bash', ['-c', `printf %s ${word}`], '').toString();
spoilt('shell expansion', 'secret_shell_mangled', shell('"pass$NAME-word"'), 'pass$NAME-word');
spoilt('shell expansion in braces', 'secret_shell_mangled', shell('"a${NAME}b"'), 'a${NAME}b');
spoilt('backslashes', 'secret_shell_mangled', shell(String.raw`ab\cd\\ef`), String.raw`ab\cd\\ef`);
spoilt('dollar doubled for docker compose', 'secret_shell_mangled', 'pa$word', 'pa$$word');
spoilt('cut at #', 'secret_shell_mangled', 'abc', 'abc#def');
spoilt('cut at a blank', 'secret_shell_mangled', 'abc', 'abc def');
spoilt('\\n taken as text', 'secret_shell_mangled', 'abc\ndef', 'abc\\ndef');
spoilt('pasted twice here', 'secret_doubled', SECRET, SECRET + SECRET);
spoilt('pasted twice there', 'secret_doubled', SECRET + SECRET, SECRET);
spoilt('empty', 'secret_placeholder', '');
spoilt('undefined', 'secret_placeholder', `${undefined}`);
spoilt('variable taken literally', 'secret_placeholder', '$VSAI_WEBHOOK_SECRET');
const others = [['api_key', 'vsai-pk-123'], ['previous', 'old one'], ['pending', 'newest'], ['staging', 'of staging']];
keyed('API key', 'secret_api_key', 'vsai-pk-123', SECRET, others);
keyed('previous', 'secret_previous', 'old one', SECRET, others);
keyed('pending', 'secret_pending', 'newest', SECRET, others);
keyed('other profile', 'secret_other_profile', 'of staging', SECRET, others);

// Two parts at once.
write('pretty, under the previous secret in base64', 'header_base64 body_pretty_printed secret_previous',
  { body: text, header: hmac(pretty, 'old one').digest('base64'), others });
write('newline added, secret with a newline', 'body_newline_added secret_newline_removed', { body: pretty + '\n', header: hex(pretty, SECRET + '\n') });
write('API key with a newline, upper case', 'header_upper_case secret_api_key secret_newline_removed',
  { body: text, header: hex(text, 'vsai-pk-123\n').toUpperCase(), others });
write('base64 secret decoded, prefixed header', 'header_prefixed secret_hex_decoded',
  { body: text, header: `sha256=${hex(text, Buffer.from(HEX_SECRET, 'hex'))}`, live: [HEX_SECRET] });
write('second of two live secrets', 'body_newline_added', { body: pretty + '\n', header: hex(pretty, 'second'), live: ['first', 'second'] });
write('body and header cut', 'header_truncated body_newline_added', { body: pretty + '\n', header: hex(pretty).slice(0, 50) });
write('form field that holds a string', 'body_form_encoded body_newline_added', { body: form({ payload: pretty + '\n' }), header: hex(pretty) });
write('pretty file of Windows as base64', 'body_base64 body_crlf_added', { body: Buffer.from(crlf).toString('base64'), header: hex(pretty) });
write('only reformatted, prefixed header', 'header_prefixed', { body: pretty, header: `sha256=${right}` });
write('only reformatted, taken with --raw', 'body_reformatted', { body: pretty, header: right });

// Nothing to be found.
write('another secret', '', { body: text, header: hex(text, 'nobody knows it'), others });
write('another body', '', { body: text, header: hex(text.replace('rnd_', 'rmd_')), others });
write('another body in base64', '', { body: text, header: hmac('x').digest('base64') });
