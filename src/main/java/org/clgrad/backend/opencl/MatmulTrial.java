package org.clgrad.backend.opencl;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.clgrad.array.DType;
import org.clgrad.array.Layout;
import org.clgrad.backend.Backend;
import org.clgrad.backend.NdArray;

/** One kind of product to try tiles on: is the answer right, and how long does it take? */
final class MatmulTrial {
    private static final int ROUNDS = 5;
    private static final double ROUND_SECONDS = 0.02;
    /** m, k, n past every tile's edge; the second in whole quads, for which there may be other kernels. */
    private static final int[][] SIZES = {{131, 70, 133}, {132, 72, 136}};

    private static final double TOLERANCE = 1e-4; // of sums of 72 products below 1/4

    private final Backend backend;
    private final DType dtype;
    private final int[] size;
    private final NdArray a;
    private final NdArray b;
    private final NdArray out;

    /** Multiplies with a certain tile. */
    interface Product {
        void run(MatmulTile tile, NdArray a, NdArray b, NdArray out);
    }

    /** @param size batch, m, k, n */
    MatmulTrial(Backend backend, DType dtype, int... size) {
        this.backend = backend;
        this.dtype = dtype;
        this.size = size;
        a = upload(1, size[0], size[1], size[2]);
        b = upload(2, size[0], size[2], size[3]);
        out = NdArray.allocate(backend, dtype, size[0], size[1], size[3]);
    }

    /** A product of that kind on a device. */
    static int[] size(MatmulShape shape, int computeUnits) {
        int side = 512;
        switch (shape) {
            case LARGE -> {
                do {
                    side *= 2; // past the smallest
                } while (MatmulShape.of(1, side / 2, side / 2, side / 2, computeUnits) != shape);
                return new int[] {1, side, side, side};
            }
            case SMALL -> {
                while (MatmulShape.of(1, side, side, side, computeUnits) != shape) {
                    side /= 2;
                }
                return new int[] {1, side, side, side};
            }
            case SKINNY -> {
                return new int[] {1, 1024, 1024, 16};
            }
            default -> {
                return new int[] {64, 128, 64, 128};
            }
        }
    }

    private NdArray upload(long seed, int... shape) {
        NdArray array = NdArray.allocate(backend, dtype, shape);
        backend.write(host(values(seed, (int) array.numel())), array.buffer());
        return array;
    }

    private static float[] values(long seed, int count) {
        Random random = new Random(seed);
        float[] values = new float[count];
        IntStream.range(0, count).forEach(i -> values[i] = random.nextFloat() - 0.5f);
        return values;
    }

    private Object host(float[] values) {
        return dtype == DType.FLOAT32
                ? values
                : IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray();
    }

    /** Compares with sums in double precision, whichever way the operands lie; what is wrong, or an empty text. */
    String fault(Product product, MatmulTile tile) {
        return fault(product, tile, SIZES);
    }

    /** @param sizes m, k, n of the products to compare */
    String fault(Product product, MatmulTile tile, int[]... sizes) {
        for (int[] size : sizes) {
            for (int lies = 0; lies < 4; lies++) {
                String fault = fault(product, tile, size[0], size[1], size[2], lies % 2 == 0, lies < 2);
                if (!fault.isEmpty()) {
                    return fault;
                }
            }
        }
        return "";
    }

    private String fault(
            Product product, MatmulTile tile, int m, int k, int n, boolean leftByRows, boolean rightByRows) {
        Layout left = leftByRows
                ? Layout.contiguous(1, m, k)
                : Layout.contiguous(1, k, m).transpose(1, 2);
        Layout right = rightByRows
                ? Layout.contiguous(1, k, n)
                : Layout.contiguous(1, n, k).transpose(1, 2);
        NdArray result = NdArray.allocate(backend, dtype, 1, m, n);
        backend.fill(result, Double.NaN);
        product.run(tile, upload(3, m * k).with(left), upload(4, k * n).with(right), result);
        float[] x = values(3, m * k);
        float[] y = values(4, k * n);
        double[] got = download(result);
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                double sum = 0;
                for (int p = 0; p < k; p++) {
                    sum += (double) x[(int) (i * left.strides()[1] + p * left.strides()[2])]
                            * y[(int) (p * right.strides()[1] + j * right.strides()[2])];
                }
                if (!(Math.abs(sum - got[i * n + j]) <= TOLERANCE)) { // NaN is wrong too
                    return "wrong: element (" + i + ", " + j + ") is " + got[i * n + j] + " instead of " + sum;
                }
            }
        }
        return "";
    }

    private double[] download(NdArray array) {
        int count = (int) array.numel();
        if (dtype == DType.FLOAT64) {
            double[] values = new double[count];
            backend.read(array, values);
            return values;
        }
        float[] values = new float[count];
        backend.read(array, values);
        return IntStream.range(0, count).mapToDouble(i -> values[i]).toArray();
    }

    /** 10^9 operations a second: the median of a few rounds of products that the device works through without a wait. */
    double gigaflops(Product product, MatmulTile tile) {
        double work = 2.0 * size[0] * size[1] * size[2] * size[3] / 1e9;
        int calls = 1;
        double seconds = round(product, tile, calls); // compiles
        seconds = round(product, tile, calls);
        while (seconds < ROUND_SECONDS) {
            calls *= 2;
            seconds = round(product, tile, calls);
        }
        double[] rounds = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            rounds[i] = work * calls / round(product, tile, calls);
        }
        Arrays.sort(rounds);
        return rounds[ROUNDS / 2];
    }

    private double round(Product product, MatmulTile tile, int calls) {
        long start = System.nanoTime();
        for (int i = 0; i < calls; i++) {
            product.run(tile, a, b, out);
        }
        backend.synchronize();
        return (System.nanoTime() - start) / 1e9;
    }
}
