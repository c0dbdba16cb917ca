/** `httpd`, Apache's server: `It works!`, and files under /usr/local/apache2/htdocs. */
import { httpResponse } from '../container-network.ts'
import type { Image } from '../program.ts'
import { server } from '../server.ts'

const HOME = '<html><body><h1>It works!</h1></body></html>\n'
const NOT_FOUND =
  '<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head>\n<title>404 Not Found</title>\n</head><body>\n<h1>Not Found</h1>\n</body></html>\n'
const ROOT = '/usr/local/apache2/htdocs'

const httpd = server({
  startupMs: 90,
  shutdownMs: 120,
  ports: [80],
  bindError: port =>
    `(98)Address already in use: AH00072: make_sock: could not bind to address 0.0.0.0:${port}`,
  serve: container => (request, reply) => {
    if (request.protocol !== 'http') {
      reply({ protocol: 'tcp', data: '' })
      return
    }
    const path = request.path.split('?')[0]!
    const isHome = path === '/' || path === '/index.html'
    const body = container.files.get(ROOT + (isHome ? '/index.html' : path)) ?? (isHome ? HOME : undefined)
    container.log(`${request.clientIp} - - "${request.method} ${request.path} HTTP/1.1" ${body ? 200 : 404}`)
    reply(httpResponse(body === undefined ? 404 : 200, body ?? NOT_FOUND, 'text/html'))
  },
})

export const image: Image = {
  repositories: ['docker.io/library/httpd'],
  sizeBytes: 58_876_421,
  entrypoint: [],
  command: ['httpd-foreground'],
  programs: { 'httpd-foreground': httpd, httpd },
  hasShell: true,
  files: { [`${ROOT}/index.html`]: HOME },
}
