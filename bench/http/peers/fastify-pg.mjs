/**
 * Keys and values over fastify and pg, as one would write it by hand: `/get` reads one, `/incr` counts
 * one up. On the database in `DATABASE_URL`, with a pool and prepared statements.
 */
import Fastify from 'fastify'
import pg from 'pg'

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 })
await pool.query('create table if not exists peer_values (key text primary key, value bigint)')
await pool.query("insert into peer_values values ('greeting', 42) on conflict do nothing")

const server = Fastify()
server.get('/get', async () => {
  const { rows } = await pool.query({
    name: 'get',
    text: 'select value from peer_values where key = $1',
    values: ['greeting'],
  })
  return { value: Number(rows[0].value) }
})
server.get('/incr', async () => {
  const { rows } = await pool.query({
    name: 'incr',
    text: `insert into peer_values values ($1, 1)
      on conflict (key) do update set value = peer_values.value + 1 returning value`,
    values: ['visits'],
  })
  return { value: Number(rows[0].value) }
})
console.log(`${await server.listen({ host: '127.0.0.1', port: 0 })}/`)
