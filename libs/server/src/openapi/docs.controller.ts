import { createReadStream } from 'node:fs';
import { createRequire } from 'node:module';
import { Controller, Get, Header, Param, StreamableFile } from '@nestjs/common';
import { PackhouseError } from '@packhouse/core';
import { Public } from '@packhouse/nest';
import { z } from 'zod';
import { Operation } from './operation.js';

/** What Swagger UI needs: it styles elements as it goes, and its icons are in the style sheet. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

// Addresses are relative, for a proxy that serves this under a prefix.
const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <title>Packhouse API</title>
    <link rel="stylesheet" href="docs/swagger-ui.css">
    <link rel="icon" href="data:,">
  </head>
  <body>
    <div id="docs"></div>
    <script src="docs/swagger-ui-bundle.js"></script>
    <script src="docs/start.js"></script>
  </body>
</html>
`;

const START = `SwaggerUIBundle({ url: 'openapi.json', dom_id: '#docs', deepLinking: true, validatorUrl: null });`;

/** The files of swagger-ui-dist that are served, which nothing reads before somebody looks. */
const FILES: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
};

const { resolve } = createRequire(import.meta.url);

/** The OpenAPI document as a page to read and to try, with all that it needs served from here. */
@Public()
@Controller('docs')
export class DocsController {
  @Get()
  @Operation('Show this API as a page', { 'text/html': z.string() })
  @Header('content-type', 'text/html; charset=utf-8')
  @Header('content-security-policy', POLICY)
  page(): string {
    return PAGE;
  }

  @Get(':file')
  @Operation('Give a part of that page', { 'text/javascript': z.string(), 'text/css': z.string() })
  @Header('cache-control', 'public, max-age=86400')
  file(@Param('file') name: string): StreamableFile {
    if (name === 'start.js') return new StreamableFile(Buffer.from(START), { type: 'text/javascript; charset=utf-8' });
    const type = Object.hasOwn(FILES, name) ? FILES[name] : undefined;
    if (type) return new StreamableFile(createReadStream(resolve(`swagger-ui-dist/${name}`)), { type });
    throw new PackhouseError('not_found', 'The page has no such part.');
  }
}
