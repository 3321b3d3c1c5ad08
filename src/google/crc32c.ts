/** The polynomial of Castagnoli, its bits reversed. */
const POLYNOMIAL = 0x82f63b78

const TABLE = Uint32Array.from({ length: 256 }, (_none, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1
  return value
})

/**
 * The checksum that Cloud Storage keeps of every object, for content that comes in pieces. Node's own CRC32 is
 * another one, and composed objects have no MD5.
 * @see https://cloud.google.com/storage/docs/data-validation
 */
export class Crc32c {
  #value = 0xffffffff

  update(bytes: Uint8Array): void {
    let value = this.#value
    for (let at = 0; at < bytes.length; at += 1) {
      value = (TABLE[(value ^ (bytes[at] ?? 0)) & 0xff] ?? 0) ^ (value >>> 8)
    }
    this.#value = value
  }

  /** As Cloud Storage writes it: base64, big-endian. */
  digest(): string {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32BE((this.#value ^ 0xffffffff) >>> 0)
    return bytes.toString('base64')
  }
}
