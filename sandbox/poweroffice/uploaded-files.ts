import type { HonoRequest } from 'hono'
import type { UploadedFile } from './route.ts'

/** The parts of a multipart/form-data body that have a file name; none where it is not well formed, null where it is none. */
export async function readFiles(request: HonoRequest): Promise<readonly UploadedFile[] | null> {
  if (!/^multipart\/form-data\b/i.test(request.header('content-type') ?? '')) return null
  const parts = await request.formData().then(
    (form) => [...form],
    () => [],
  )
  return Promise.all(parts.flatMap(([field, value]) => (typeof value === 'string' ? [] : [uploadedFile(field, value)])))
}

async function uploadedFile(field: string, file: File): Promise<UploadedFile> {
  const type = file.type === '' ? 'application/octet-stream' : file.type
  return { field, name: file.name, type, bytes: new Uint8Array(await file.arrayBuffer()) }
}
