/**
 * The search page. Its flow:
 *
 *   config.json → {@link start} → shell (header, search box, keys) → route of the address → one view in <main>
 *
 * | module      | holds                                                              |
 * | ----------- | ------------------------------------------------------------------ |
 * | config      | where to search; the only thing that differs between installations |
 * | route       | addresses ⇄ what they show (pure)                                  |
 * | query       | what is done to a query before it is sent (pure)                   |
 * | several     | several engines as one (pure)                                      |
 * | engine      | the search client, and the requests for articles and issues        |
 * | marks       | what is highlighted, and snippets (pure)                           |
 * | buckets     | bars of the date histogram (pure)                                  |
 * | strings     | the words of the interface, Chinese and English                    |
 * | app, shell  | which view is shown; what stands around it                         |
 * | views/      | search, article, issue, issues, and the states of failure          |
 */
import './styles/base.css';
import './styles/shell.css';
import './styles/search.css';
import './styles/reading.css';
import './styles/print.css';
import { start } from './app.js';
import { loadConfig } from './config.js';

start(document.getElementById('app'), await loadConfig('config.json'));
