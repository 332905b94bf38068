// gallery-diff - which words of a text another text doesn't have, and where they would stand
"use strict";

// Edits beyond this many are told as one: two texts that have so little in common are simply others.
const EDITS_MAX = 2000;

// The words of a text: {word, start, end}. Quotes, brackets and full stops around a word are words of
// their own; white space is none, for plain text is wrapped anew when a name is longer.
function wordsOf(text) {
  const words = [];
  for (const run of text.matchAll(/\S+/g)) {
    const [, before, core, after] = run[0].match(/^([("'“‘[«]*)(.*?)([.,;:!?)"'”’\]»]*)$/su);
    let start = run.index;
    for (const word of [before, core, after]) {
      if (word) words.push({ word, start, end: start + word.length });
      start += word.length;
    }
  }
  return words;
}

// How two arrays differ, as hunks {from, to, oldFrom, oldTo}: news[from..to) stands where
// olds[oldFrom..oldTo) stood. The shortest way by Myers' algorithm ("An O(ND) Difference Algorithm
// and Its Variations", 1986); hunks with one equal item between them are joined, as people would.
function hunksOf(olds, news) {
  let head = 0;
  const least = Math.min(olds.length, news.length);
  while (head < least && olds[head] === news[head]) head++;
  let tail = 0;
  while (tail < least - head && olds[olds.length - 1 - tail] === news[news.length - 1 - tail]) tail++;
  const middle = shortestWay(olds.slice(head, olds.length - tail), news.slice(head, news.length - tail));
  const hunks = [];
  for (const hunk of middle) {
    const last = hunks[hunks.length - 1];
    const moved = { from: hunk.from + head, to: hunk.to + head, oldFrom: hunk.oldFrom + head, oldTo: hunk.oldTo + head };
    if (last && moved.from - last.to <= 1) Object.assign(last, { to: moved.to, oldTo: moved.oldTo });
    else hunks.push(moved);
  }
  return hunks;
}

function shortestWay(olds, news) {
  const n = olds.length, m = news.length, max = Math.min(n + m, EDITS_MAX);
  const whole = n || m ? [{ from: 0, to: m, oldFrom: 0, oldTo: n }] : [];
  if (!n || !m) return whole;
  const furthest = new Int32Array(2 * max + 3); // by diagonal: how far in `olds`
  const offset = max + 1;
  const trace = [];
  for (let edits = 0; edits <= max; edits++) {
    trace.push(furthest.slice(offset - edits - 1, offset + edits + 2));
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      const down = diagonal === -edits ||
        (diagonal !== edits && furthest[offset + diagonal - 1] < furthest[offset + diagonal + 1]);
      let x = down ? furthest[offset + diagonal + 1] : furthest[offset + diagonal - 1] + 1;
      let y = x - diagonal;
      while (x < n && y < m && olds[x] === news[y]) x++, y++;
      furthest[offset + diagonal] = x;
      if (x >= n && y >= m) return wayBack(trace, n, m);
    }
  }
  return whole;
}

// From the end to the beginning through what was the furthest after each edit.
function wayBack(trace, n, m) {
  const hunks = [];
  let x = n, y = m;
  for (let edits = trace.length - 1; edits > 0; edits--) {
    const furthest = trace[edits], at = (diagonal) => furthest[diagonal + edits + 1];
    const diagonal = x - y;
    const down = diagonal === -edits || (diagonal !== edits && at(diagonal - 1) < at(diagonal + 1));
    const oldX = at(down ? diagonal + 1 : diagonal - 1);
    const oldY = oldX - (down ? diagonal + 1 : diagonal - 1);
    const [nextX, nextY] = down ? [oldX, oldY + 1] : [oldX + 1, oldY];
    const last = hunks[0];
    if (last && last.from === nextY && last.oldFrom === nextX) Object.assign(last, { from: oldY, oldFrom: oldX });
    else hunks.unshift({ from: oldY, to: nextY, oldFrom: oldX, oldTo: nextX });
    [x, y] = [oldX, oldY];
  }
  return hunks;
}

// The differences of two texts: `now` and `was`, the words as they stand; `start` and `end`, the place of
// `now` in the new text; `gone`, how many words were there when there is no `now`.
function differencesOf(oldText, newText) {
  const olds = wordsOf(oldText), news = wordsOf(newText);
  const piece = (text, words, from, to) =>
    from < to ? text.slice(words[from].start, words[to - 1].end).replace(/\s+/g, " ") : "";
  return hunksOf(olds.map((one) => one.word), news.map((one) => one.word)).map((hunk) => {
    const { from, to, oldFrom, oldTo } = hunk;
    const place = from < to ? null : placeOfGone(oldText, olds, hunk, newText, news);
    return {
      now: piece(newText, news, from, to),
      was: piece(oldText, olds, oldFrom, oldTo),
      start: place ?? news[from].start,
      end: place ?? news[to - 1].end,
      gone: oldTo - oldFrom,
    };
  });
}

// Words that are gone stood behind the word before them, or, when they began a paragraph, before the next.
function placeOfGone(oldText, olds, { from, oldFrom }, newText, news) {
  const began = !oldFrom || /\n\s*\n/.test(oldText.slice(olds[oldFrom - 1].end, olds[oldFrom].start));
  if (from && (!began || from === news.length)) return news[from - 1].end;
  return news.length ? news[from].start : newText.length;
}
