/** Functions of neural networks. They are made of tensors' operations and of losses; nothing below knows them. */
@NullMarked
package org.clgrad.nn;

import org.jspecify.annotations.NullMarked;
