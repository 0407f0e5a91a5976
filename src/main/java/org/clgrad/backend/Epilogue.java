package org.clgrad.backend;

import org.clgrad.array.Layout;
import org.jspecify.annotations.Nullable;

/**
 * Pointwise work on the elements of a matrix product as they are stored.
 *
 * @param expr over the inputs
 * @param product the input that stands for the product's element
 * @param inputs the others, of the product's shape [batch, m, n]; strides may be 0
 * @param constants values of the expression's {@link Expr.Constant} leaves
 */
public record Epilogue(Expr expr, int product, NdArray[] inputs, double[] constants) {

    /** The work, if all of its inputs can be seen in the product's shape without a copy; else null. */
    static @Nullable Epilogue of(Expr expr, NdArray[] inputs, int product, double[] constants, int... shape) {
        return reshaped(expr, inputs, product, constants, shape);
    }

    /** The same on the same elements in another shape, or null if that needs a copy. */
    public @Nullable Epilogue reshape(int... shape) {
        return reshaped(expr, inputs, product, constants, shape);
    }

    private static @Nullable Epilogue reshaped(
            Expr expr, NdArray[] inputs, int product, double[] constants, int... shape) {
        NdArray[] views = new NdArray[inputs.length];
        for (int i = 0; i < views.length; i++) {
            Layout view = inputs[i].layout().reshape(shape);
            if (view == null) {
                return null;
            }
            views[i] = inputs[i].with(view);
        }
        return new Epilogue(expr, product, views, constants);
    }
}
