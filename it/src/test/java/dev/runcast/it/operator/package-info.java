/** What whoever runs the service meets: the launcher, the other port, the demo. */
@NullMarked
package dev.runcast.it.operator;

import org.jspecify.annotations.NullMarked;
