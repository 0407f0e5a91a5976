/** Measurements that a person starts; no test asserts a time. */
@NullMarked
package org.clgrad.bench;

import org.jspecify.annotations.NullMarked;
