// The express application: security headers, limits, every declared route and the console's files, and nothing that is not declared.
import express, { type Express, type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import { rateLimit } from 'express-rate-limit';
import helmet from 'helmet';
import { apiRoot } from '../../../core/contracts/api.ts';
import { UserError } from '../user-error.ts';
import { serveConsole } from './console-files.ts';
import { openApi } from './openapi.ts';
import { toFailure } from './problem.ts';
import { faultsOf, type Route } from './route.ts';
import { type ServePorts, serve } from './serve.ts';

export interface AppOptions {
  routes: readonly Route[];
  version: string;
  /** Calls that one source may make in a minute. */
  callsPerMinute: number;
  /** The built console, if there is one. */
  consoleFolder: string | undefined;
  /** What is served whole below a path of its own, such as Grafana: it looks at each caller itself. */
  mounts: readonly { path: string; handler: RequestHandler }[];
}

const specificationPath = `${apiRoot}/openapi.json`;

/** Builds the application. Throws where a route is not fit to be served, or where the live router and the declarations differ. */
export function createApp(ports: ServePorts, options: AppOptions): Express {
  const faults = faultsOf(options.routes);
  if (faults.length > 0)
    throw new Error(`the server cannot start:\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
  const app = express();
  app.disable('x-powered-by');
  app.set('trust proxy', false); // X-Forwarded-* of a client is never believed
  app.set('query parser', 'simple');
  app.use(securityHeaders(ports.tls));
  app.use(apiRoot, limitRate(ports, options.callsPerMinute));
  app.use(apiRoot, express.json({ limit: '256kb', strict: true, type: 'application/json' }));
  app.get(specificationPath, (_request, response) => {
    response.json(openApi(options.routes, options.version));
  });
  for (const route of options.routes) {
    app[route.method](`${apiRoot}${route.path}`, (request, response) => serve(ports, route, request, response));
  }
  app.use(apiRoot, (request) => {
    throw new UserError(
      404,
      'not-found',
      `There is no ${request.method} ${request.path.slice(0, 100)}; ${specificationPath} lists what there is.`,
    );
  });
  for (const { path, handler } of options.mounts) app.use(path, handler);
  if (options.consoleFolder !== undefined) serveConsole(app, options.consoleFolder);
  app.use((error: unknown, _request: Request, response: Response, _next: NextFunction) =>
    answerError(ports, error, response),
  );
  refuseStowaways(app, options.routes);
  return app;
}

function securityHeaders(tls: boolean) {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        frameSrc: ["'self'"],
        manifestSrc: ["'self'"],
        objectSrc: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    },
    strictTransportSecurity: tls ? { maxAge: 63_072_000, includeSubDomains: true } : false,
    referrerPolicy: { policy: 'no-referrer' },
    crossOriginResourcePolicy: { policy: 'same-origin' },
  });
}

function limitRate(ports: ServePorts, limit: number) {
  return rateLimit({
    windowMs: 60_000,
    limit,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    handler: (_request, response) => {
      const text = 'Too many calls from this address within a minute. Wait a little.';
      answerError(ports, new UserError(429, 'too-many-calls', text, 60), response);
    },
  });
}

function answerError(ports: ServePorts, error: unknown, response: Response): void {
  const requestId = ports.randomId();
  const { problem, retryAfterSeconds } = toFailure(error, requestId);
  if (problem.status >= 500) ports.log.error({ requestId, err: error }, 'a call failed outside every route');
  if (response.headersSent) {
    response.destroy();
    return;
  }
  if (retryAfterSeconds !== undefined) response.setHeader('retry-after', String(retryAfterSeconds));
  response.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
}

interface Layer {
  route?: { path: string; stack: { method?: string }[] };
}

/** Every address that the router really answers, as `METHOD /path`. */
export function liveRoutes(app: Express): string[] {
  const { stack } = app.router as unknown as { stack: Layer[] };
  return stack.flatMap(({ route }) =>
    route === undefined ? [] : route.stack.map(({ method }) => `${(method ?? 'any').toUpperCase()} ${route.path}`),
  );
}

function refuseStowaways(app: Express, routes: readonly Route[]): void {
  const declared = new Set(routes.map(({ method, path }) => `${method.toUpperCase()} ${apiRoot}${path}`));
  declared.add(`GET ${specificationPath}`);
  const live = liveRoutes(app);
  const undeclared = live.filter((name) => !declared.has(name));
  if (undeclared.length > 0) throw new Error(`the router answers what no route declares: ${undeclared.join(', ')}`);
  if (live.length !== declared.size)
    throw new Error(`the router answers ${live.length} of ${declared.size} declared routes`);
}
