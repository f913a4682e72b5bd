/**
 * The sessions of people who have signed in to the dashboard: {@link
 * dev.runcast.store.session.SessionTable}. They are in a table, so that every node knows them and
 * what ends one ends it everywhere at once. Times are the database's.
 */
@NullMarked
package dev.runcast.store.session;

import org.jspecify.annotations.NullMarked;
