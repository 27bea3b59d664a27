/** A hello world of workerd, Cloudflare's runtime: one isolate, no metering. */
// biome-ignore lint/style/noDefaultExport: workerd looks for it
export default {
  fetch(request) {
    const { pathname } = new URL(request.url)
    return Response.json({ message: 'Hello, world!', method: request.method, path: pathname })
  },
}
