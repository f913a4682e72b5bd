/**
 * A node: the one place where long-lived things are made. {@link dev.runcast.app.node.Application}
 * starts what the settings ask for, in order: database, preflight, migrations, keys, verticles; and
 * stops it in the reverse order, the database last.
 *
 * <p>There is no injection framework: what depends on what is read off the constructor calls here.
 */
@NullMarked
package dev.runcast.app.node;

import org.jspecify.annotations.NullMarked;
