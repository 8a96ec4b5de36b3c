// Reads texts from standard input, each after its length in 4 bytes, and writes for each a verdict and the canonical form,
// with its length in 4 bytes: 'c' canonical, 'r' refused by JSON.parse, 'b' not UTF-8.
import { isUtf8 } from 'node:buffer';
import { readFileSync, writeSync } from 'node:fs';

function judge(bytes) {
  if (!isUtf8(bytes)) return ['b', ''];
  let value;
  try {
    value = JSON.parse(bytes.toString().replace(/^\ufeff/, ''));
  } catch {
    return ['r', ''];
  }
  return ['c', JSON.stringify(value)];
}

const input = readFileSync(0);
const answers = [];
for (let at = 0; at < input.length; ) {
  const end = at + 4 + input.readUInt32BE(at);
  const [verdict, canonical] = judge(input.subarray(at + 4, end));
  const text = Buffer.from(canonical);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(text.length);
  answers.push(Buffer.from(verdict), length, text);
  at = end;
}
const output = Buffer.concat(answers);
for (let at = 0; at < output.length; ) at += writeSync(1, output, at);
