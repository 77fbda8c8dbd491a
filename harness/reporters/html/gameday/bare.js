'use strict';
// Shows what the stream tells, and nothing more.
const token = new URLSearchParams(location.hash.slice(1)).get('token') ?? sessionStorage.getItem('token') ?? '';
sessionStorage.setItem('token', token);
history.replaceState(null, '', location.pathname);
const headers = { 'X-Chaos-Token': token };
let role = '';

function take(block) {
  const field = (name) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1] ?? '';
  const name = field('event');
  if (name === 'day') {
    const day = JSON.parse(field('data'));
    role = day.role;
    document.getElementById('day').textContent = JSON.stringify(day, null, 2);
  }
  if (name === 'pulse' && role === 'facilitator') void fetch('/here', { method: 'POST', headers });
}

async function follow() {
  try {
    const response = await fetch('/stream', { headers });
    if (!response.ok) throw new Error(await response.text());
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      const blocks = (text + part.value).split('\n\n');
      text = blocks.pop();
      blocks.forEach(take);
    }
  } catch (error) {
    document.getElementById('day').textContent = String(error);
  }
  setTimeout(follow, 1000);
}
void follow();
