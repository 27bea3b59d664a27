/** Answers each request after so many milliseconds. */
import { createServer } from 'node:http'

const waitMs = Number(process.argv[2])
const server = createServer((_request, response) => {
  setTimeout(() => response.end('waited'), waitMs)
})
server.listen({ port: 0, host: '127.0.0.1', backlog: 2048 }, () => {
  console.log(`http://127.0.0.1:${server.address().port}`)
})
