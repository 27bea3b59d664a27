/** A bare `node:http` server: what no server written in JavaScript can pass. Answers as the workloads ask. */
import { createServer } from 'node:http'
import { computeFor } from './compute.mjs'

let count = 0

const server = createServer((request, response) => {
  switch (request.url) {
    case '/echo':
      echo(request, response)
      return
    case '/compute':
      answer(response, 200, { sum: computeFor() })
      return
    case '/errors':
      count += 1
      answer(response, count % 10 === 0 ? 500 : 200, { count })
      return
    default:
      answer(response, 200, { message: 'Hello, world!', method: request.method, path: request.url })
  }
})
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}/`))

function echo(request, response) {
  const chunks = []
  request.on('data', (chunk) => chunks.push(chunk))
  request.on('end', () => answer(response, 200, JSON.parse(Buffer.concat(chunks).toString())))
}

function answer(response, status, value) {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}
