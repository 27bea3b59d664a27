/** A hello world of fastify, as its guide has it. */
import Fastify from 'fastify'

const server = Fastify()
server.get('/', (request) => ({
  message: 'Hello, world!',
  method: request.method,
  path: request.url,
}))
console.log(`${await server.listen({ host: '127.0.0.1', port: 0 })}/`)
