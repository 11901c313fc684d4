// How a process of the benchmark talks to the harness: its work as JSON in argv, reports as JSON lines on stdout.
// "ready" is said once; the harness answers with one line when the work may begin, and closes stdin to end it.
import { performance } from 'node:perf_hooks'
import readline from 'node:readline'

export const work = JSON.parse(process.argv[2])

export const now = () => (performance.timeOrigin + performance.now()) / 1000 // seconds, as Python's time.time()

export const cpuSeconds = (since) => {
  const { user, system } = process.cpuUsage(since)
  return (user + system) / 1e6
}

const lines = readline.createInterface({ input: process.stdin })[Symbol.asyncIterator]()

export const report = (document) => process.stdout.write(JSON.stringify(document) + '\n')

export const begin = async () => {
  report({ ready: true })
  await lines.next()
}

export const end = async () => {
  await lines.next()
}
