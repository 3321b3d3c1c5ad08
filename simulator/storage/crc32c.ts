const POLYNOMIAL = 0x82f63b78

const TABLE = Uint32Array.from({ length: 256 }, (_none, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1
  return value
})

/** The CRC32C by which Cloud Storage's clients check content: base64, big-endian. */
export function crc32c(content: Uint8Array): string {
  const checksum = new Checksum()
  checksum.add(content)
  return checksum.text()
}

/** The CRC32C of content that comes piece by piece. */
export class Checksum {
  #value = 0xffffffff

  add(content: Uint8Array): void {
    let value = this.#value
    for (let at = 0; at < content.length; at += 1) {
      value = (TABLE[(value ^ (content[at] ?? 0)) & 0xff] ?? 0) ^ (value >>> 8)
    }
    this.#value = value
  }

  text(): string {
    const bytes = Buffer.alloc(4)
    bytes.writeUInt32BE((this.#value ^ 0xffffffff) >>> 0)
    return bytes.toString('base64')
  }
}
