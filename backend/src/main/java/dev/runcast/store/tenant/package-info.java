/** Projects, their environments, and the sealed keys of each. */
@NullMarked
package dev.runcast.store.tenant;

import org.jspecify.annotations.NullMarked;
