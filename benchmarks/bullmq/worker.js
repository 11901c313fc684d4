// Sends messages as somebody with BullMQ would: POST, then the status into PostgreSQL.
// With `batched`, the statuses of sends that end together share an UPDATE, which BullMQ leaves to its users.
import { Worker } from 'bullmq'
import pg from 'pg'
import { Agent, request, setGlobalDispatcher } from 'undici'

import { begin, cpuSeconds, end, now, report, work } from './conversation.js'

const ONE = `UPDATE messages SET status = 'sent', wamid = $2, sent_at = now() WHERE id = $1`
const MANY = `UPDATE messages m SET status = 'sent', wamid = u.wamid, sent_at = now()
              FROM unnest($1::bigint[], $2::text[]) u(id, wamid) WHERE m.id = u.id`

setGlobalDispatcher(new Agent({ connections: work.concurrency }))
const pool = new pg.Pool({ connectionString: work.postgres, max: 20 })

const settleOne = (id, wamid) => pool.query(ONE, [id, wamid])

let waiting = []
let flushing = false
const flush = async () => {
  flushing = true
  while (waiting.length) {
    const batch = waiting
    waiting = []
    try {
      await pool.query(MANY, [batch.map(({ id }) => id), batch.map(({ wamid }) => wamid)])
      batch.forEach(({ resolve }) => resolve())
    } catch (error) {
      batch.forEach(({ reject }) => reject(error))
    }
  }
  flushing = false
}
const settleTogether = (id, wamid) => new Promise((resolve, reject) => {
  waiting.push({ id, wamid, resolve, reject })
  if (!flushing) flush()
})
const settle = work.batched ? settleTogether : settleOne

const body = ({ id, to, template, variables }) => JSON.stringify({
  type: 'template',
  template: {
    name: template,
    language: { code: 'fr' },
    components: [{ type: 'body', parameters: variables.map((text) => ({ type: 'text', text })) }],
  },
  messaging_product: 'whatsapp',
  recipient_type: 'individual',
  to,
  biz_opaque_callback_data: id,
})

const headers = { authorization: `Bearer ${work.token}`, 'content-type': 'application/json' }
let first, cpuBefore
let stored = 0

const send = async (job) => {
  if (first === undefined) {
    first = now()
    cpuBefore = process.cpuUsage()
  }
  const answer = await request(work.url, { method: 'POST', headers, body: body(job.data) })
  const accepted = await answer.body.json()
  if (answer.statusCode !== 200) throw new Error(`the provider answered ${answer.statusCode}`)
  await settle(job.data.id, accepted.messages[0].id)
  if (++stored === work.count) report({ first, last: now(), cpu: cpuSeconds(cpuBefore) })
}

await Promise.all(Array.from({ length: 20 }, () => pool.query('SELECT 1')))
const worker = new Worker('messages', send, {
  connection: { host: '127.0.0.1', port: work.redis_port }, concurrency: work.concurrency, autorun: false,
})
worker.on('failed', (_, error) => console.error(`a job failed: ${error.message}`))
worker.on('error', (error) => console.error(`the worker failed: ${error.message}`))
await worker.waitUntilReady()
await begin()
worker.run()
await end()
await worker.close()
await pool.end()
