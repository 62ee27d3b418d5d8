// Pictures of numbers from -1, black, to 1, white.

// Draws pictures of `side` pixels side by side on a canvas, `columns` in a row.
export const show = (canvas, values, side, columns) => {
  const count = values.length / (side * side);
  const cell = side + 1;
  canvas.width = Math.min(columns, count) * cell - 1;
  canvas.height = Math.ceil(count / columns) * cell - 1;
  const context = canvas.getContext("2d");
  for (let i = 0; i < count; i += 1) {
    const image = context.createImageData(side, side);
    for (let pixel = 0; pixel < side * side; pixel += 1) {
      const grey = 127.5 * (values[i * side * side + pixel] + 1);
      image.data.set([grey, grey, grey, 255], 4 * pixel);
    }
    context.putImageData(image, (i % columns) * cell, Math.floor(i / columns) * cell);
  }
};
