/**
 * An installation with something to see: apps with scripts, routes and data, and a day's traffic.
 *
 * @module
 */
import { request } from 'node:http'
import type { SignedInDashboard } from './browser.ts'

const SHOP = {
  name: 'Pie shop',
  domains: ['shop.example.com', '*.shop.example.com'],
  scripts: [
    {
      name: 'prices',
      source: `// What the shop sells, and for how much.
const PRICES = #{ pie: 350, tea: 180, cake: 420 };

let item = request.params.item;
if item !in PRICES {
    throw #{ status: 404, message: \`There is no \${item}.\` };
}
log::info("asked for a price", #{ item: item });
#{ item: item, cents: PRICES[item], asked: kv::incr("asked/" + item) }
`,
    },
    {
      name: 'orders',
      source: `// Takes an order, and keeps it.
let order = request.body;
let id = uuid::v7();
kv::set("order/" + id, order);
log::info("order", #{ id: id, lines: order.lines.len() });
response::json(#{ id: id }, 201)
`,
    },
    {
      name: 'stock',
      source: `let key = secrets::get("WAREHOUSE_KEY");
let answer = http::get("https://warehouse.example.com/stock", #{ headers: #{ authorization: key } });
answer.body
`,
    },
  ],
  routes: [
    { method: 'GET', path_pattern: '/prices/:item', script: 'prices' },
    { method: 'POST', path_pattern: '/orders', script: 'orders' },
    { method: 'GET', path_pattern: '/stock', script: 'stock' },
  ],
}

const REQUESTS = [
  ['GET', '/prices/pie'],
  ['GET', '/prices/tea'],
  ['GET', '/prices/soup'],
  ['POST', '/orders', '{"lines":[{"item":"pie","count":2}]}'],
  ['POST', '/orders', '{"lines":1}'],
] as const

export async function fillWithDemo({ ask, program }: SignedInDashboard): Promise<void> {
  await ask('POST', '/apps', { slug: 'shop', name: 'Pie shop' })
  await ask('POST', '/apps', { slug: 'webhooks', name: 'Webhooks' })
  await ask('PUT', '/apps/shop/secrets/WAREHOUSE_KEY', { value: 'not-a-real-key-000' })
  await ask('PUT', '/apps/shop/manifest', SHOP)
  for (let turn = 0; turn < 12; turn += 1) {
    for (const [method, path, body] of REQUESTS) {
      await call(program.url, { method, path, host: 'shop.example.com', body })
    }
  }
}

function call(
  url: string,
  {
    method,
    path,
    host,
    body,
  }: { method: string; path: string; host: string; body?: string | undefined },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { host, ...(body !== undefined && { 'content-type': 'application/json' }) }
    const sent = request(url + path, { method, headers }, (answer) => {
      answer.resume().once('end', resolve)
    })
    sent.once('error', reject)
    sent.end(body)
  })
}
