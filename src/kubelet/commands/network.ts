/** `nslookup`, `ping`, `nc`, `ip`, `netstat`: the network as a container sees it. */
import { sleep, withTimeout } from '../../sim/index.ts'
import { readAll } from '../io/streams.ts'
import type { Program } from '../program.ts'
import { complain, readOptions } from './support.ts'

const DNS_SERVER = '10.96.0.10'

export const nslookup: Program = function* (process) {
  const { operands } = readOptions(process.argv.slice(1).filter(word => !/^-(type|query)=/.test(word)))
  const [name] = operands
  if (name === undefined) return complain(process, 'missing operand')
  const { stdout } = process
  stdout.write(`Server:\t\t${DNS_SERVER}\nAddress:\t${DNS_SERVER}:53\n\n`)
  const found = yield* process.lookup(name)
  if (found.addresses.length === 0) {
    stdout.write(`** server can't find ${found.name}: NXDOMAIN\n\n`)
    return 1
  }
  for (const address of found.addresses) stdout.write(`Name:\t${found.name}\nAddress: ${address}\n`)
  stdout.write('\n')
  return 0
}

export const ping: Program = function* (process) {
  const { values, operands } = readOptions(process.argv.slice(1), 'cWwis')
  const [host] = operands
  if (host === undefined) return complain(process, 'missing operand')
  const found = /^\d+(\.\d+){3}$/.test(host) ? { addresses: [host] } : yield* process.lookup(host)
  const [ip] = found.addresses
  if (ip === undefined) return complain(process, `bad address '${host}'`)
  const count = Number(values.get('c') ?? Number.POSITIVE_INFINITY)
  process.stdout.write(`PING ${host} (${ip}): 56 data bytes\n`)
  let received = 0
  let sent = 0
  while (sent < count) {
    const beganMs = process.scope.sim.now
    // A port that nobody listens on answers with a reset, if there is somebody.
    const probe = { protocol: 'tcp' as const, data: '', clientIp: process.network.ips[0] ?? '' }
    const result = yield* withTimeout(1000, process.request(ip, 7, probe))
    sent++
    const tookMs = process.scope.sim.now - beganMs
    const isThere = !result.timedOut && (result.value.ok || result.value.error.includes('refused'))
    if (isThere) {
      process.stdout.write(
        `64 bytes from ${ip}: seq=${sent - 1} ttl=62 time=${Math.max(tookMs, 0.1).toFixed(3)} ms\n`,
      )
      received++
    }
    if (sent < count) yield* sleep(Math.max(0, 1000 - tookMs))
  }
  const loss = sent === 0 ? 0 : Math.round(((sent - received) * 100) / sent)
  process.stdout.write(
    `\n--- ${host} ping statistics ---\n${sent} packets transmitted, ${received} packets received, ${loss}% packet loss\n`,
  )
  return received > 0 ? 0 : 1
}

export const nc: Program = function* (process) {
  const { flags, values, operands } = readOptions(process.argv.slice(1), 'wpq')
  const [host, port] = operands
  if (flags.has('l') || host === undefined || port === undefined) {
    return complain(process, flags.has('l') ? 'listening is not modelled' : 'missing operand')
  }
  const data = flags.has('z') ? '' : yield* readAll(process.stdin)
  const asked = process.request(host, Number(port), {
    protocol: 'tcp',
    data: data.trim(),
    clientIp: process.network.ips[0] ?? '',
  })
  const result = yield* withTimeout(Number(values.get('w') ?? 60) * 1000, asked)
  const failed = result.timedOut ? 'Connection timed out' : result.value.ok ? undefined : result.value.error
  if (failed !== undefined) {
    if (failed.includes('no such host')) return complain(process, `bad address '${host}'`)
    const why = failed.includes('refused') ? 'Connection refused' : 'Connection timed out'
    return flags.has('z') && !flags.has('v') ? 1 : complain(process, `${host} (${host}:${port}): ${why}`)
  }
  if (flags.has('v')) process.stderr.write(`${host} (${host}:${port}) open\n`)
  if (!result.timedOut && result.value.ok && result.value.response.protocol === 'tcp' && !flags.has('z')) {
    process.stdout.write(`${result.value.response.data}\n`)
  }
  return 0
}

export const ip: Program = function* ({ network, stdout }) {
  stdout.write(
    '1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue qlen 1000\n    inet 127.0.0.1/8 scope host lo\n       valid_lft forever preferred_lft forever\n',
  )
  for (const address of network.ips) {
    stdout.write(
      `2: eth0@if3: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1450 qdisc noqueue\n    inet ${address}/24 brd ${address.replace(/\d+$/, '255')} scope global eth0\n       valid_lft forever preferred_lft forever\n`,
    )
  }
  return 0
}

export const netstat: Program = function* ({ network, stdout }) {
  stdout.write(
    'Active Internet connections (only servers)\nProto Recv-Q Send-Q Local Address           Foreign Address         State\n',
  )
  for (const port of network.ports) {
    stdout.write(`tcp        0      0 ${`0.0.0.0:${port}`.padEnd(23)} 0.0.0.0:*               LISTEN\n`)
  }
  return 0
}
