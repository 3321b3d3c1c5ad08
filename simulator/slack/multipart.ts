import type { Call } from '../wire/call.js'

/** The file in an upload: the body itself, or the one file of a form. */
export async function uploadedContent(call: Call): Promise<Buffer> {
  const type = call.headers['content-type'] ?? ''
  if (!type.startsWith('multipart/form-data')) return call.body
  const form = await new Response(new Uint8Array(call.body), { headers: { 'content-type': type } }).formData()
  const file = [...form.values()].find((value) => typeof value !== 'string')
  return file && typeof file !== 'string' ? Buffer.from(await file.arrayBuffer()) : Buffer.alloc(0)
}
