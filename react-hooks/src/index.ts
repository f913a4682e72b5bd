export { batchFeed, environmentFeed, runFeed, tagFeed } from './client/feeds.js';
