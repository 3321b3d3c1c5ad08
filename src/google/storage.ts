import { z } from 'zod'
import { CALLS } from './calls.js'
import type { GoogleClient } from './client.js'

const content = z.object({ text: z.string() })

/**
 * The whole text of an object of Cloud Storage. Throws `ApiError`.
 * @see https://cloud.google.com/storage/docs/json_api/v1/objects/get
 */
export async function readObjectText(client: GoogleClient, bucket: string, object: string): Promise<string> {
  const { storage } = await import('googleapis/build/src/apis/storage/index.js')
  const { objects } = storage({ version: 'v1', ...client.connection })
  const { text } = await client.ask({
    call: CALLS.readObject,
    subject: `gs://${bucket}/${object}`,
    send: async (options) => {
      const { data } = await objects.get(
        { bucket, object, alt: 'media' },
        { ...options, responseType: 'text' },
      )
      return { data: { text: data } }
    },
    schema: content,
  })
  return text
}
