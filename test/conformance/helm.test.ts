/** A release from its installation to its end, with the real helm and a chart with what charts usually have. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Served } from './harness.ts'
import { findHelm } from './helm.ts'

const CHART = fileURLToPath(new URL('chart', import.meta.url))

describe('a release', () => {
  let served: Served
  let helm: string

  beforeAll(async () => {
    helm = findHelm()
    served = await Served.start()
  }, 180_000)
  afterAll(async () => {
    expect(await served?.stop()).toBe(0)
  }, 60_000)

  function run(program: string, line: string): Promise<string> {
    const { folder, kubeconfig } = served
    const env = {
      ...process.env,
      HOME: folder,
      HELM_CACHE_HOME: join(folder, 'helm'),
      KUBECONFIG: kubeconfig,
    }
    return new Promise((resolve, reject) => {
      execFile(program, line.split(' '), { env, timeout: 60_000 }, (error, stdout, stderr) => {
        if (error) reject(new Error(`${line}\n${stdout}${stderr}`))
        else resolve(stdout)
      })
    })
  }
  const shop = (line: string) => run(helm, `${line} --kubeconfig ${served.kubeconfig}`)
  const kubectl = (line: string) => run('kubectl', line)

  test('is installed, and everything of it is ready', async () => {
    const said = await shop(`install shop ${CHART} --wait --timeout 60s`)
    expect(said).toMatch(/STATUS: deployed\nREVISION: 1/)
    expect(said).toContain('shop says hello.')
    expect(await kubectl('get deployment shop -o jsonpath={.status.readyReplicas}')).toBe('2')
    expect(await kubectl('get job shop-prepare -o jsonpath={.status.succeeded}')).toBe('1')
    expect(await kubectl('exec deploy/shop -- printenv GREETING')).toBe('hello\n')
  })

  test('is listed, with what it was made of', async () => {
    expect(await shop('list')).toMatch(
      /^NAME.*\nshop *\tdefault *\t1 *\t.*\tdeployed *\tshop-0\.1\.0 *\t1\.27/,
    )
    expect(await shop('get values shop --all -o json')).toBe(
      '{"greeting":"hello","image":"nginx:1.27","replicas":2}\n',
    )
    expect(await shop('get manifest shop')).toContain('kind: RoleBinding')
  })

  test('is upgraded', async () => {
    await shop(`upgrade shop ${CHART} --set replicas=3,greeting=hi,image=nginx:1.28 --wait --timeout 60s`)
    expect(await kubectl('get deployment shop -o jsonpath={.status.readyReplicas}')).toBe('3')
    expect(await kubectl('get pods -l app=shop -o jsonpath={.items[*].spec.containers[0].image}')).toContain(
      'nginx:1.28',
    )
    expect(await kubectl('get configmap shop -o jsonpath={.data.GREETING}')).toBe('hi')
  })

  test('is rolled back, and its history told', async () => {
    expect(await shop('rollback shop 1 --wait --timeout 60s')).toContain('Rollback was a success')
    expect(await kubectl('get configmap shop -o jsonpath={.data.GREETING}')).toBe('hello')
    expect(await shop('history shop')).toMatch(
      /1 +\t.*\tsuperseded\t.*\tInstall complete *\n2 +\t.*\tsuperseded\t.*\tUpgrade complete *\n3 +\t.*\tdeployed +\t.*\tRollback to 1/,
    )
  })

  test('passes its test', async () => {
    expect(await shop('test shop --timeout 60s')).toMatch(/TEST SUITE: +shop-test\n(.*\n)*Phase: +Succeeded/)
    expect(await kubectl('logs shop-test')).toContain('Welcome to nginx!')
  })

  test('is uninstalled, and nothing is left but what hooks have made', async () => {
    expect(await shop('uninstall shop --wait')).toContain('release "shop" uninstalled')
    expect(await kubectl('get deployments,services,rolebindings,roles,secrets,pods -l app=shop')).toBe('')
    expect(await kubectl('get role,rolebinding,secret,sa,configmap,svc -o name')).not.toContain('shop')
  })
})
