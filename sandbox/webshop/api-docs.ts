import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import type { OpenAPIHono } from '@hono/zod-openapi'
import type { ApiEnv } from './api-env.ts'

/** What the page needs of Swagger UI's files, all from node_modules: the page works without a network. */
const files: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
}

// The bundle writes styles into its elements and draws small pictures from data: addresses. Nothing is asked of any other host.
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
].join('; ')

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Webshop contract</title>
<link rel="stylesheet" href="/api/docs/swagger-ui.css">
<link rel="icon" type="image/png" href="/api/docs/favicon-32x32.png">
</head>
<body>
<div id="description"><p>The description of this API is being drawn; as JSON it is at <a href="/api/openapi.json">/api/openapi.json</a>.</p></div>
<script src="/api/docs/swagger-ui-bundle.js"></script>
<script src="/api/docs/start.js"></script>
</body>
</html>
`

// No validator badge: it would send the document to a host of Swagger's.
const start = `SwaggerUIBundle({
  url: '/api/openapi.json',
  dom_id: '#description',
  deepLinking: true,
  validatorUrl: null,
  docExpansion: 'list',
  showExtensions: true,
  displayRequestDuration: true,
})
`

/** The description of the API for people at /api/docs, without a key, past faults and counts. */
export function mountApiDocs(app: OpenAPIHono<ApiEnv>): void {
  const require = createRequire(import.meta.url)
  app.get('/api/docs', (context) => context.html(page, 200, { 'content-security-policy': policy }))
  app.get('/api/docs/start.js', (context) =>
    context.body(start, 200, { 'content-type': 'text/javascript; charset=utf-8' }),
  )
  for (const [name, contentType] of Object.entries(files)) {
    app.get(`/api/docs/${name}`, async (context) => {
      const content = await readFile(require.resolve(`swagger-ui-dist/${name}`))
      return context.body(content, 200, { 'content-type': contentType })
    })
  }
}
