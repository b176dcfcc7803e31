const element = (id) => document.getElementById(id);
let workspace;

/** Sends a request to the application. What it says of a workspace's data is followed by the trace of that request. */
async function send(method, path, body) {
  const answer = await fetch(path, {
    method,
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, id: answer.headers.get('x-request-id'), body: text === '' ? {} : JSON.parse(text) };
}

async function sendToWorkspace(method, path, body) {
  const answer = await send(method, path, body);
  await showTrace(answer);
  return answer;
}

function rows(table, lines) {
  element(table).tBodies[0].replaceChildren(
    ...lines.map((cells) => {
      const row = document.createElement('tr');
      for (const { text, className = '', code = false } of cells) {
        const cell = row.insertCell();
        cell.className = className;
        const inside = code ? cell.appendChild(document.createElement('code')) : cell;
        inside.textContent = text;
      }
      return row;
    }),
  );
}

async function showTrace({ id, status }) {
  const { body: trace } = await send('GET', `/traces/${id}`);
  element('request').textContent = `${trace.method} ${trace.route} → ${status}`;
  element('request').className = status < 400 ? '' : 'refused';
  rows(
    'trace',
    (trace.hops ?? []).map(({ name, plane, durationMs }) => [
      { text: name },
      { text: plane, className: plane },
      { text: durationMs.toFixed(2) },
    ]),
  );
}

async function showCalls() {
  if (!workspace) return;
  const { status, body } = await send('GET', `/workspaces/${workspace}/store-calls`);
  element('calls-note').textContent = status === 200 ? '' : 'Only owners and admins of a workspace see its calls.';
  rows(
    'calls',
    (body.items ?? []).map(({ method, statement, rowCount, durationMs }) => [
      { text: method },
      { text: statement, code: true },
      { text: rowCount ?? '' },
      { text: durationMs.toFixed(2) },
    ]),
  );
}

async function showTodos() {
  const { body } = await sendToWorkspace('GET', `/workspaces/${workspace}/todos`);
  element('todos').replaceChildren(
    ...(body.items ?? []).map(({ title }) => {
      const item = document.createElement('li');
      item.textContent = title;
      return item;
    }),
  );
  await showCalls();
}

async function open(id) {
  workspace = id;
  element('workspace-id').textContent = id;
  for (const button of element('workspaces').children) button.ariaPressed = String(button.dataset.id === id);
  await showTodos();
}

function button(label, dataset, onClick) {
  const made = document.createElement('button');
  made.textContent = label;
  Object.assign(made.dataset, dataset);
  made.addEventListener('click', onClick);
  return made;
}

async function signedIn() {
  const { status, body } = await send('GET', '/me');
  if (status !== 200) return;
  element('who').textContent = `${body.user} is signed in.`;
  element('workspaces').replaceChildren(
    ...body.workspaces.map(({ id, organizationSlug, slug, role }) =>
      button(`${organizationSlug} / ${slug} (${role ?? 'no role'})`, { id }, () => open(id)),
    ),
  );
  if (body.workspaces.length > 0) await open(body.workspaces[0].id);
}

element('add').addEventListener('submit', async (event) => {
  event.preventDefault();
  const { title } = event.target.elements;
  const { status, body } = await sendToWorkspace('POST', `/workspaces/${workspace}/todos`, { title: title.value });
  element('answer').textContent = status === 201 ? '' : `${status} ${body.code ?? body.detail}`;
  if (status !== 201) return;
  title.value = '';
  await showTodos();
});

element('probe').addEventListener('submit', async (event) => {
  event.preventDefault();
  const { id } = event.target.elements;
  const { status, body } = await sendToWorkspace('GET', `/workspaces/${encodeURIComponent(id.value)}/todos`);
  element('answer').textContent = `${status} ${body.code ?? ''}`;
});

const users = (await send('GET', '/users')).body;
element('users').replaceChildren(
  ...users.map((user) =>
    button(user, { user }, async () => {
      await send('POST', '/session', { user });
      await signedIn();
    }),
  ),
);
await signedIn();
setInterval(showCalls, 1000);
