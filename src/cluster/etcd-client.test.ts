/** What the API server's client of etcd does when the member dies under it. */
import { expect, test } from 'vitest'
import type { KubeObject } from '../api/index.ts'
import { Etcd, type EtcdResult, type OptimisticResponse, type OptimisticWrite } from '../etcd/index.ts'
import { Simulation } from '../sim/index.ts'
import { EtcdClient } from './etcd-client.ts'

const KEY = '/registry/configmaps/default/a'

function world() {
  const sim = new Simulation({ seed: 1 })
  const machine = sim.root.child('etcd')
  let member: Etcd<KubeObject> | undefined = new Etcd<KubeObject>(machine)
  const client = new EtcdClient(sim.root, () => member)
  const answers: string[] = []
  const hear = (name: string, result: EtcdResult<{ readonly succeeded: boolean }>) => {
    const what = result.ok ? (result.response.succeeded ? 'written' : 'taken') : result.error.code
    answers.push(`${name} ${what} after ${sim.now - sim.startMs}`)
  }
  const crash = () => {
    member = undefined
    machine.close()
    client.memberDied()
  }
  const write = (
    name: string,
    answered = (result: EtcdResult<OptimisticResponse<KubeObject>>) => hear(name, result),
  ) => {
    const asked: OptimisticWrite<KubeObject> = {
      key: KEY,
      value: { apiVersion: 'v1', kind: 'ConfigMap', metadata: {} } as unknown as KubeObject,
      expectedRevision: 0,
      lease: 0,
      answered,
      before: undefined,
      after: undefined,
    }
    client.optimisticWrite(asked)
  }
  const transact = (name: string) =>
    client.txn({ compare: [], success: [], failure: [] }, result => hear(name, result))
  return { sim, client, answers, hear, crash, write, transact }
}

test('whoever waits when the member dies is refused once, when clientv3 gives up', () => {
  const { sim, answers, crash, write, transact } = world()
  write('first')
  transact('transaction')
  write('second')
  crash()
  sim.advance(60_000)
  expect(answers).toEqual([
    'transaction Unavailable after 7000',
    'first Unavailable after 7000',
    'second Unavailable after 7000',
  ])
})

test('a crash from within an answer takes those behind it along, and answers nobody twice', () => {
  const { sim, answers, hear, crash, write } = world()
  write('first', result => {
    hear('first', result)
    crash()
  })
  write('second')
  sim.advance(60_000)
  expect(answers).toEqual(['first written after 1', 'second Unavailable after 7001'])
})

test('who asks while nobody is there is refused likewise', () => {
  const { sim, answers, crash, write } = world()
  crash()
  write('late')
  sim.advance(7000)
  expect(answers).toEqual(['late Unavailable after 7000'])
})
