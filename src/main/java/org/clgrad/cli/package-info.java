/**
 * The demonstration program: the autograd tutorial, a training run and a list of devices. It uses the library as any
 * other program would, and nothing in the library knows it; what it needs beyond the library are optional dependencies.
 */
@NullMarked
package org.clgrad.cli;

import org.jspecify.annotations.NullMarked;
