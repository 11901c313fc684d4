// Creates messages as somebody with BullMQ would: a row in PostgreSQL, then a job in Redis.
import { Queue } from 'bullmq'
import pg from 'pg'

import { begin, cpuSeconds, end, now, report, work } from './conversation.js'

const LOOPS = 50 // creates in flight, one by one
const CHUNK = 500 // rows of a bulk create
const OPTIONS = { removeOnComplete: true, attempts: 3, backoff: { type: 'exponential', delay: 1000 } }
const TEMPLATE = 'mission_in_transit'
const ONE = `INSERT INTO messages (recipient, template, variables, status, due_at)
             VALUES ($1, $2, $3, 'queued', to_timestamp($4)) RETURNING id`
const MANY = `INSERT INTO messages (recipient, template, variables, status, due_at)
              SELECT * FROM unnest($1::text[], $2::text[], $3::jsonb[], $4::text[], $5::timestamptz[]) RETURNING id`

const pool = new pg.Pool({ connectionString: work.postgres, max: 20 })
const queue = new Queue('messages', { connection: { host: '127.0.0.1', port: work.redis_port } })

const recipient = (number) => `2420600${String(number).padStart(5, '0')}`
const variables = (number) => ['Grâce', `COUR-20250127-${String(number).padStart(5, '0')}`, 'Poto-Poto']
const data = (id, number) => ({
  id: String(id), to: recipient(number), template: TEMPLATE, variables: variables(number), created: Date.now(),
})

const createOne = async (number) => {
  const row = [recipient(number), TEMPLATE, JSON.stringify(variables(number)), Date.now() / 1000]
  const { rows: [{ id }] } = await pool.query(ONE, row)
  await queue.add('message', data(id, number), OPTIONS)
  return id
}

const createMany = async (numbers, dueAt) => {
  const { rows } = await pool.query(MANY, [
    numbers.map(recipient),
    numbers.map(() => TEMPLATE),
    numbers.map((number) => JSON.stringify(variables(number))),
    numbers.map(() => 'queued'),
    numbers.map((number) => new Date(dueAt(number))),
  ])
  await queue.addBulk(rows.map(({ id }, index) => {
    const delay = Math.max(0, Math.round(dueAt(numbers[index]) - Date.now()))
    return { name: 'message', data: data(id, numbers[index]), opts: delay ? { ...OPTIONS, delay } : OPTIONS }
  }))
}

const MODES = {
  single: async () => {
    let next = 0
    const loop = async () => {
      while (next < work.count) await createOne(next++)
    }
    await Promise.all(Array.from({ length: LOOPS }, loop))
  },
  bulk: async () => inChunks(() => Date.now()),
  burst: async () => inChunks((number) => 1000 * (work.due_from + (number * work.due_seconds) / work.count)),
  paced: async () => {
    const called = {}
    for (let number = 0; number < work.count; number++) {
      const at = now()
      called[await createOne(number)] = at
      await new Promise((resolve) => setTimeout(resolve, work.gap_ms))
    }
    return { called }
  },
}

const inChunks = async (dueAt) => {
  for (let start = 0; start < work.count; start += CHUNK) {
    const length = Math.min(CHUNK, work.count - start)
    await createMany(Array.from({ length }, (_, index) => start + index), dueAt)
  }
}

await queue.waitUntilReady()
await Promise.all(Array.from({ length: 20 }, () => pool.query('SELECT 1')))
await begin()
const before = process.cpuUsage()
const more = await MODES[work.mode]()
report({ ended: now(), cpu: cpuSeconds(before), ...more })
await end()
await queue.close()
await pool.end()
