/**
 * `docs/reference/index.html`, made from the OpenAPI document: every operation with its examples, every shape, every error, in one
 * page that needs nothing but the two files beside it. How shapes become tables is in `reference-shapes.ts`; the gateway
 * serves the page as it is (`src/api/documents.ts`).
 */
import type { Description } from '../src/api/v2/operation.ts';
import { PROBLEMS } from '../src/api/v2/problem-table.ts';
import { openapiDocument } from './openapi-document.ts';
import { TAGS } from './openapi-tags.ts';
import { bilingual, escape, fieldTable, prose, type Schema } from './reference-shapes.ts';

type Named = Readonly<Record<string, Example>>;
type Example = {
  readonly summary?: string;
  readonly 'x-summary-zh'?: string;
  readonly value: unknown;
};
type Content = Readonly<Record<string, { readonly schema: Schema; readonly examples?: Named }>>;
type Parameter = {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema: Schema;
  readonly examples?: Named;
};
type Operation = {
  readonly operationId: string;
  readonly summary: string;
  readonly 'x-summary-zh': string;
  readonly tags: readonly [Description['tag']];
  readonly description: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { description: string; content?: Content }>>;
};
type Placed = Operation & { readonly method: string; readonly path: string };
type Document = {
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
};

const PLACES: Readonly<Record<string, string>> = {
  path: 'in the path 路径',
  query: 'in the query 查询串',
  header: 'a header 请求头',
};

const INTRODUCTION_ZH = [
  '通过支付宝在柜台收款：登记店铺、扫顾客的付款码、展示二维码、取消、退款。',
  '金额以分为单位的整数（8800 即 88.00 元），时间为 RFC 3339，编号的前缀说明它是什么。每个调用都带 API 密钥；每个涉及资金的 POST 带 `Idempotency-Key`，新建类的 POST 也可以带，同一调用重发得到第一次的应答。错误为 `application/problem+json`，各有一个永不改名的 `code`。结果存疑的支付从不被称为失败：在确定之前一直是 `created` 或 `awaiting_buyer`。新版本会增加字段、事件类型和代码：程序应忽略不认识的内容。',
];

/** The whole text of the page. */
export async function referencePage(): Promise<string> {
  const document = JSON.parse(await openapiDocument()) as Document;
  const { info, components } = document;
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...operation,
      method: method.toUpperCase(),
      path,
    })),
  );
  const shapes = Object.keys(components.schemas);
  const byTag = Map.groupBy(operations, ({ tags: [tag] }) => tag);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(info.title)} v2</title>
<link rel="stylesheet" href="style.css">
<script src="search.js" defer></script>
</head>
<body>
<!-- Made by npm run docs from the routes of the v2 API: change it there. -->
<header>
<h1>${escape(info.title)} v2</h1>
${info.description
  .split('\n\n')
  .map((text) => paragraph(text))
  .join('\n')}
${INTRODUCTION_ZH.map((text) => paragraph(text, 'zh-CN')).join('\n')}
<p><a href="../v2/openapi.json">openapi.json</a></p>
<label for="search">Search 搜索</label>
<input id="search" type="search" autocomplete="off" disabled>
<p id="found" role="status"></p>
<nav aria-label="Contents 目录">
${[...byTag].map(([tag]) => `<a href="#${anchor(tag)}">${tag} ${zh(TAGS[tag].zh)}</a>`).join('\n')}
<a href="#shapes">Shapes ${zh('数据结构')}</a>
<a href="#errors">Errors ${zh('错误')}</a>
</nav>
</header>
<main>
${[...byTag].map(([tag, ofTag]) => tagSection(tag, ofTag, shapes)).join('\n')}
<section id="shapes">
<h2>Shapes ${zh('数据结构')}</h2>
${shapes.map((name) => shapeEntry(name, components.schemas[name] ?? {}, shapes)).join('\n')}
</section>
<section id="errors">
<h2>Errors ${zh('错误')}</h2>
${Object.keys(PROBLEMS).map(problemEntry).join('\n')}
</section>
</main>
</body>
</html>
`;
}

function tagSection(
  tag: Description['tag'],
  operations: readonly Placed[],
  shapes: readonly string[],
): string {
  return `<section id="${anchor(tag)}">
<h2>${tag} ${zh(TAGS[tag].zh)}</h2>
${operations.map((operation) => operationEntry(operation, shapes)).join('\n')}
</section>`;
}

function operationEntry(operation: Placed, shapes: readonly string[]): string {
  const { operationId, method, path, parameters = [], requestBody, responses } = operation;
  const body = requestBody?.content['application/json']?.schema;
  const parts = [
    `<p>${bilingual(operation.description, shapes)} <code>${operationId}</code></p>`,
    ...(parameters.length === 0
      ? []
      : [heading('Parameters', '参数'), parameterTable(parameters, shapes)]),
    ...(body === undefined ? [] : [heading('Body', '请求体'), fieldTable(body, shapes)]),
    ...exampleParts(operation),
    heading('Answers', '应答'),
    answerTable(responses, shapes),
  ];
  return `<details id="${operationId}">
<summary><span class="call"><b class="${method.toLowerCase()}">${method}</b> <code>${escape(path)}</code></span> <span>${prose(operation.summary, [])}</span> ${zh(operation['x-summary-zh'])}</summary>
${parts.join('\n')}
</details>`;
}

function parameterTable(parameters: readonly Parameter[], shapes: readonly string[]): string {
  const properties = Object.fromEntries(
    parameters.map(({ name, in: place, description = '', schema }) => {
      const told = description === '' ? (schema.description ?? '') : description;
      return [name, { ...schema, description: told, place: `${PLACES[place]}.` }];
    }),
  );
  const required = parameters.filter((one) => one.required === true).map(({ name }) => name);
  return fieldTable({ type: 'object', properties, required }, shapes);
}

/** Each example's call and answer, one below the other. */
function exampleParts(operation: Placed): readonly string[] {
  const [, { content = {} }] = successOf(operation);
  const examples = Object.entries(content).flatMap(([, media]) =>
    Object.entries(media.examples ?? {}),
  );
  return examples.flatMap(([name, { value, ...words }]) => {
    const { summary = '', 'x-summary-zh': summaryZh = '' } = words;
    const title = summary === '' ? '' : `: ${summary} ${zh(summaryZh)}`;
    const answer = typeof value === 'string' ? value.trim() : JSON.stringify(value, null, 2);
    return [
      `<h3>Example ${zh('示例')}${title}</h3>`,
      `<pre><code>${escape(curlOf(operation, name))}</code></pre>`,
      `<pre><code>${escape(answer)}</code></pre>`,
    ];
  });
}

function successOf({ responses }: Operation): [string, { description: string; content?: Content }] {
  const success = Object.entries(responses).find(([status]) => status.startsWith('2'));
  if (success === undefined) throw new Error('An operation has a success');
  return success;
}

/** The call of an example as a shell takes it; `GATEWAY` and `KEY` are those of the guide (`docs/v2.md`). */
function curlOf(operation: Placed, name: string): string {
  const { method, path, parameters = [], requestBody } = operation;
  const given = parameters.flatMap((parameter) => {
    const value = parameter.examples?.[name]?.value;
    const text = typeof value === 'number' ? String(value) : value;
    return typeof text === 'string' ? [{ ...parameter, value: text }] : [];
  });
  const of = (place: string) => given.filter((parameter) => parameter.in === place);
  const filled = of('path').reduce((left, one) => left.replace(`{${one.name}}`, one.value), path);
  const query = new URLSearchParams(of('query').map((one) => [one.name, one.value])).toString();
  const url = `$GATEWAY${filled}${query === '' ? '' : `?${query}`}`;
  const body = requestBody?.content['application/json']?.examples?.[name]?.value;
  const lines = [
    `curl ${method === 'GET' ? '' : `-X ${method} `}${query === '' ? url : `"${url}"`}`,
    '-H "Authorization: Bearer $KEY"',
    ...of('header').map((one) => `-H "${one.name}: ${one.value}"`),
    ...(body === undefined
      ? []
      : ['-H "Content-Type: application/json"', `-d '${JSON.stringify(body, null, 2)}'`]),
  ];
  return lines.join(' \\\n  ');
}

function answerTable(responses: Operation['responses'], shapes: readonly string[]): string {
  const rows = Object.entries(responses).map(([status, { description, content = {} }]) => {
    const isProblem = 'application/problem+json' in content;
    const told = isProblem
      ? description.replaceAll(/`(\w+)`/g, '<a href="#problem-$1"><code>$1</code></a>')
      : bilingual(description, shapes);
    const [media] = Object.values(content);
    const shape = isProblem || media === undefined ? '' : fieldTable(media.schema, shapes);
    return `<tr><th scope="row">${status}</th><td>${told}${shape}</td></tr>`;
  });
  return `<table>${rows.join('\n')}</table>`;
}

function shapeEntry(name: string, schema: Schema, shapes: readonly string[]): string {
  return `<details id="shape-${name}">
<summary><code>${name}</code></summary>
${fieldTable(schema, shapes)}
</details>`;
}

function problemEntry(code: string): string {
  const { status, en, zh: chinese, when } = PROBLEMS[code as keyof typeof PROBLEMS];
  return `<details id="problem-${code}">
<summary><b>${status}</b> <code>${code}</code> <span>${prose(en, [])}</span> ${zh(chinese)}</summary>
${paragraph(when.en)}
${paragraph(when.zh, 'zh-CN')}
</details>`;
}

const heading = (en: string, chinese: string): string => `<h3>${en} ${zh(chinese)}</h3>`;
const zh = (text: string): string => `<span lang="zh-CN">${prose(text, [])}</span>`;
const anchor = (text: string): string => text.toLowerCase().replaceAll(' ', '-');
const paragraph = (text: string, language = 'en'): string =>
  `<p lang="${language}">${prose(text, [])}</p>`;
