/** `redis-cli [-h HOST] [-p PORT] COMMAND...`: asks a redis server and prints its answer, as into a pipe. */
import type { Routine } from '../sim/index.ts'
import { readOptions } from './commands/support.ts'
import type { ContainerProcess } from './program.ts'

export function* redisCli(container: ContainerProcess): Routine<number> {
  const { values, operands } = readOptions(container.argv.slice(1), 'hpan', [], true)
  const host = values.get('h') ?? '127.0.0.1'
  const port = Number(values.get('p') ?? 6379)
  const clientIp = container.network.ips[0] ?? ''
  const request = { protocol: 'tcp' as const, data: operands.join(' '), clientIp }
  const result = yield* container.request(host, port, request)
  if (!result.ok) {
    container.logError(`Could not connect to Redis at ${host}:${port}: Connection refused`)
    return 1
  }
  const said = result.response.protocol === 'tcp' ? result.response.data : ''
  container.log(said === '$-1' ? '' : said.replace(/^[-+:]/, ''))
  return 0
}
