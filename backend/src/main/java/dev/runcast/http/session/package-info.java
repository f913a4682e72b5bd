/**
 * Signing in to the dashboard. {@link dev.runcast.http.session.SessionHandler} takes a secret key
 * once and gives a session: a random token in a cookie that no script can read and no other site
 * can send. {@link dev.runcast.http.session.Sessions} lets requests of the page pass for requests
 * with the key, given that they also say the session's {@linkplain
 * dev.runcast.http.session.SessionToken#csrf word}. {@link dev.runcast.http.session.SignInLimits}
 * counts failures.
 *
 * <p>What a session is is in the database ({@link dev.runcast.store.session.SessionTable}), so that
 * it holds on every node, and its end too. Neither the key nor the token is kept here, logged, or
 * put into an exception.
 */
@NullMarked
package dev.runcast.http.session;

import org.jspecify.annotations.NullMarked;
