/* Draws a runbook or a sheet: headings, paragraphs, lists, tables, fences and code within a line. Everything else of Markdown stays
   the text that it is. Every text is put in as text, so none becomes code. */
globalThis.drawMarkdown = (text) => {
  'use strict';
  const { element } = dom;
  const inline = (line) =>
    line.split(/(`[^`]+`|\*\*[^*]+\*\*)/).map((part) => {
      if (/^`[^`]+`$/.test(part)) return element('code', { textContent: part.slice(1, -1) });
      return /^\*\*[^*]+\*\*$/.test(part) ? element('strong', { textContent: part.slice(2, -2) }) : part;
    });
  const nodes = [];
  const lines = text.replace(/^---\n[^]*?\n---\n/, '').split('\n');
  for (let i = 0; i < lines.length; i += 1) {
    const line = lines[i];
    const fence = /^\s*(`{3,}|~{3,})\s*\S*\s*(.*)$/.exec(line);
    const heading = /^(#{1,6})\s+(.*?)\s*#*$/.exec(line);
    const item = /^\s*(?:[-*]|\d+\.)\s+(.*)$/.exec(line);
    if (fence) {
      const code = [];
      for (i += 1; i < lines.length && !lines[i].trim().startsWith(fence[1]); i += 1) code.push(lines[i]);
      nodes.push(element('pre', { textContent: code.join('\n'), tabIndex: 0, title: fence[2] }));
    } else if (heading) {
      // The page has headings of its own: a title below them is of the third level at most.
      nodes.push(element(`h${Math.min(6, heading[1].length + 2)}`, {}, ...inline(heading[2])));
    } else if (item) {
      const last = nodes.at(-1);
      const list = last?.tagName === 'UL' ? last : element('ul');
      if (list !== last) nodes.push(list);
      list.append(element('li', {}, ...inline(item[1])));
    } else if (/^\s*\|.*\|\s*$/.test(line)) {
      const cells = line
        .trim()
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim());
      // The line below the head only draws it.
      if (cells.every((cell) => /^:?-+:?$/.test(cell))) continue;
      const last = nodes.at(-1);
      const table = last?.tagName === 'TABLE' ? last : element('table');
      if (table !== last) nodes.push(table);
      table.append(element('tr', {}, ...cells.map((cell) => element('td', {}, ...inline(cell)))));
    } else if (line.trim() !== '') {
      const last = nodes.at(-1);
      const goesOn = i > 0 && lines[i - 1].trim() !== '';
      if (goesOn && last?.tagName === 'P') last.append(' ', ...inline(line.trim()));
      else if (goesOn && last?.tagName === 'UL') last.lastChild.append(' ', ...inline(line.trim()));
      else nodes.push(element('p', {}, ...inline(line.trim())));
    }
  }
  return nodes;
};
