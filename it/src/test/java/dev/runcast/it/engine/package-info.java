/**
 * Tasks of {@code it/tasks}, written with the official SDK as its documentation shows, executed by
 * the official command line tool against a node: each behaviour as it is seen from outside.
 */
package dev.runcast.it.engine;
