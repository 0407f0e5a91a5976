package org.clgrad.backend;

/**
 * A matrix product that waits for the pointwise work that follows it, such as a bias and an activation, since that is best done while
 * its elements are at hand. It is stored beside the results if anybody else has a hold of it, so it is not computed again.
 */
final class PendingProduct extends Pending {
    /**
     * @param a [batch, m, k], lent to this
     * @param b [batch, k, n], likewise
     */
    PendingProduct(NdArray a, NdArray b) {
        super(new NdArray[] {a, b}, a.shape()[0], a.shape()[1], b.shape()[2]);
        a.buffer().lend();
        b.buffer().lend();
    }

    @Override
    boolean isCostly() {
        return false; // whoever keeps it gets it, and nobody computes it twice
    }

    @Override
    void run(NdArray out) {
        out.backend().runMatmul(inputs()[0], inputs()[1], out);
    }

    /**
     * Computes the product, and then what follows.
     *
     * @param product where the product is stored; the memory of {@code out} if only what follows is wanted
     * @param input number of the product among the follower's inputs
     */
    void run(NdArray product, PendingPointwise follower, int input, NdArray out) {
        NdArray[] arrays = follower.inputs().clone();
        for (int i = 0; i < arrays.length; i++) {
            if (i != input) {
                arrays[i].buffer().settle(); // another product
            }
        }
        arrays[input] = product.with(arrays[input].layout());
        Epilogue epilogue = Epilogue.of(follower.expr(), arrays, input, follower.constants(), shape());
        if (epilogue == null || !out.backend().runMatmul(inputs()[0], inputs()[1], product, epilogue, out)) {
            run(product);
            follower.compute(arrays, out);
        }
    }
}
