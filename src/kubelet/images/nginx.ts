/** `nginx`: serves its welcome page, and files under /usr/share/nginx/html. */

import type { Routine } from '../../sim/index.ts'
import { type AppRequest, httpResponse } from '../container-network.ts'
import type { ContainerProcess, Image } from '../program.ts'
import { server } from '../server.ts'

const WELCOME = `<!DOCTYPE html>
<html>
<head>
<title>Welcome to nginx!</title>
</head>
<body>
<h1>Welcome to nginx!</h1>
<p>If you see this page, the nginx web server is successfully installed and
working. Further configuration is required.</p>
</body>
</html>
`
const NOT_FOUND =
  '<html>\n<head><title>404 Not Found</title></head>\n<body>\n<center><h1>404 Not Found</h1></center>\n</body>\n</html>\n'
const ROOT = '/usr/share/nginx/html'

const serve = server({
  startupMs: 60,
  shutdownMs: 80,
  ports: [80],
  bindError: port => `nginx: [emerg] bind() to 0.0.0.0:${port} failed (98: Address already in use)`,
  serve: container => (request, reply) => {
    if (request.protocol !== 'http') {
      reply({ protocol: 'tcp', data: '' })
      return
    }
    const path = request.path.split('?')[0]!
    const file = ROOT + (path.endsWith('/') ? `${path}index.html` : path)
    const isHome = file === `${ROOT}/index.html`
    const body = container.files.get(file) ?? (isHome ? WELCOME : undefined)
    container.log(
      accessLine(
        request,
        container.scope.sim.now,
        body === undefined ? 404 : 200,
        (body ?? NOT_FOUND).length,
      ),
    )
    reply(httpResponse(body === undefined ? 404 : 200, body ?? NOT_FOUND, 'text/html'))
  },
})

/** `nginx -v` and `nginx -t` only print; anything else serves. */
function* nginx(container: ContainerProcess): Routine<number> {
  const flag = container.argv[1]
  if (flag === '-v' || flag === '-V') container.logError('nginx version: nginx/1.27.5')
  else if (flag === '-t') {
    container.logError('nginx: the configuration file /etc/nginx/nginx.conf syntax is ok')
    container.logError('nginx: configuration file /etc/nginx/nginx.conf test is successful')
  } else if (flag === '-s') {
    container.processes.get(1)?.signal(container.argv[2] === 'reload' ? 'HUP' : 'QUIT')
  } else return yield* serve(container)
  return 0
}

type HttpRequest = Extract<AppRequest, { protocol: 'http' }>

/** A line of the access log in nginx's `main` format. */
function accessLine(request: HttpRequest, nowMs: number, status: number, bytes: number): string {
  const { clientIp, method, path, headers } = request
  // `Thu, 01 Jan 2026 00:00:05 GMT` as `01/Jan/2026:00:00:05 +0000`
  const [, day, month, year, time] = new Date(nowMs).toUTCString().split(' ')
  const agent = headers['user-agent'] ?? '-'
  return `${clientIp} - - [${day}/${month}/${year}:${time} +0000] "${method} ${path} HTTP/1.1" ${status} ${bytes} "-" "${agent}" "-"`
}

export const image: Image = {
  repositories: ['docker.io/library/nginx', 'registry.k8s.io/nginx', 'docker.io/nginxinc/nginx-unprivileged'],
  sizeBytes: 72_404_038,
  entrypoint: ['/docker-entrypoint.sh'],
  command: ['nginx', '-g', 'daemon off;'],
  programs: { 'docker-entrypoint.sh': nginx, nginx },
  hasShell: true,
  files: {
    [`${ROOT}/index.html`]: WELCOME,
    '/etc/nginx/nginx.conf':
      'user  nginx;\nworker_processes  auto;\nevents {\n    worker_connections  1024;\n}\nhttp {\n    include /etc/nginx/conf.d/*.conf;\n}\n',
    '/etc/nginx/conf.d/default.conf':
      'server {\n    listen       80;\n    server_name  localhost;\n    location / {\n        root   /usr/share/nginx/html;\n        index  index.html index.htm;\n    }\n}\n',
  },
  environment: { NGINX_VERSION: '1.27.5' },
  idleUsage: { cpuMilli: 1, memoryBytes: 4_718_592 },
}
