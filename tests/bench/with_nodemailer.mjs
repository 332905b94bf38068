// Letters sent by nodemailer, pooled: node with_nodemailer.mjs PORT CONNECTIONS MATERIAL RECIPIENTS COUNT
// MATERIAL is JSON: from, subject, text and html with QQfieldQQ where a field stands; RECIPIENTS is a JSON array.
import { readFileSync } from 'node:fs';
import nodemailer from 'nodemailer';

const [port, connections, material, recipients, count] = process.argv.slice(2);
const letter = JSON.parse(readFileSync(material, 'utf8'));
const list = JSON.parse(readFileSync(recipients, 'utf8')).slice(0, Number(count));
const entities = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escape = (text) => text.replace(/[&<>"']/g, (c) => entities[c]);
const merge = (template, fields) => template.replace(/QQ(\w+?)QQ/g, (all, name) => fields[name]);
const mergeHtml = (template, fields) => template.replace(/QQ(\w+?)QQ/g, (all, name) => escape(fields[name]));

const transport = nodemailer.createTransport({
  pool: true, host: '127.0.0.1', port: Number(port), secure: false, ignoreTLS: true,
  maxConnections: Number(connections), maxMessages: Infinity,
});

let next = 0;
async function work() {
  while (next < list.length) {
    const { address, fields } = list[next++];
    await transport.sendMail({
      envelope: { from: 'bounces@northmere.example.org', to: address },
      from: letter.from, to: { name: fields.head_name, address },
      subject: merge(letter.subject, fields), text: merge(letter.text, fields), html: mergeHtml(letter.html, fields),
      textEncoding: 'quoted-printable',
    });
  }
}
// Two letters waiting for each connection: none is ever idle.
await Promise.all(Array.from({ length: 2 * Number(connections) }, work));
transport.close();
