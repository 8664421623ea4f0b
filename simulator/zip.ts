/**
 * A zip archive written by hand: deflated entries whose names are plain bytes, because Alipay's
 * bills name theirs in GBK without the UTF-8 flag (protocol 2.8.1), which no library does. No
 * zip64, no directories, no dates.
 */
import { crc32, deflateRawSync } from 'node:zlib';

export type ZipEntry = { name: Buffer; content: Buffer };

const DEFLATE = 8;
const VERSION = 20;
// 1980-01-01, the first day of the format: the same bill gives the same bytes.
const DOS_DATE = 0x21;

function words(...fields: readonly [bytes: 2 | 4, value: number][]): Buffer {
  return Buffer.concat(
    fields.map(([bytes, value]) => {
      const field = Buffer.alloc(bytes);
      field.writeUIntLE(value >>> 0, 0, bytes);
      return field;
    }),
  );
}

/** The bytes of an archive with these entries. */
export function zip(entries: readonly ZipEntry[]): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, content } of entries) {
    const packed = deflateRawSync(content);
    const common = words(
      [2, VERSION],
      [2, 0],
      [2, DEFLATE],
      [2, 0],
      [2, DOS_DATE],
      [4, crc32(content)],
      [4, packed.length],
      [4, content.length],
      [2, name.length],
      [2, 0],
    );
    const file = Buffer.concat([words([4, 0x04034b50]), common, name, packed]);
    const tail = words([2, 0], [2, 0], [2, 0], [4, 0], [4, offset]);
    directory.push(words([4, 0x02014b50], [2, VERSION]), common, tail, name);
    files.push(file);
    offset += file.length;
  }
  const index = Buffer.concat(directory);
  const end = words(
    [4, 0x06054b50],
    [2, 0],
    [2, 0],
    [2, entries.length],
    [2, entries.length],
    [4, index.length],
    [4, offset],
    [2, 0],
  );
  return Buffer.concat([...files, index, end]);
}
