package main

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/jpeg"
	"iter"
	"math"
	"time"
)

// The pictures of the camera: their size in pixels, and how many there are in a second.
const (
	pictureWidth  = 256
	pictureHeight = 144
	pictureRate   = 12
)

// shoot yields pictures, the octets of JPEG files, until ctx ends or closing is closed.
func shoot(ctx context.Context, closing <-chan struct{}) iter.Seq[string] {
	return func(yield func(string) bool) {
		shutter := time.NewTicker(time.Second / pictureRate)
		defer shutter.Stop()
		for n := 0; ; n++ {
			var file bytes.Buffer
			if err := jpeg.Encode(&file, paint(float64(n)/pictureRate), nil); err != nil || !yield(file.String()) {
				return
			}
			select {
			case <-shutter.C:
			case <-closing:
				return
			case <-ctx.Done():
				return
			}
		}
	}
}

// paint draws hills under a moon, as they pass by at a time in seconds.
func paint(at float64) image.Image {
	picture := image.NewRGBA(image.Rect(0, 0, pictureWidth, pictureHeight))
	for x := range pictureWidth {
		far := 84 + ridge(float64(x)+14*at, 41, 9)
		near := 112 + ridge(float64(x)+40*at, 29, 12)
		for y := range pictureHeight {
			picture.SetRGBA(x, y, colourAt(float64(x), float64(y), far, near))
		}
	}
	return picture
}

// ridge returns how far a line of hills is below its mean height at x, at most about height.
func ridge(x, width, height float64) float64 {
	return height * (math.Sin(x/width) + 0.5*math.Sin(x/width*2.3)) / 1.5
}

// colourAt returns the colour of a point where the far hills begin at height far, and the near ones at near.
func colourAt(x, y, far, near float64) color.RGBA {
	switch {
	case y > near:
		return color.RGBA{18, 38, 58, 255}
	case y > far:
		return color.RGBA{44, 92, 112, 255}
	case math.Hypot(x-190, y-38) < 17:
		return color.RGBA{255, 244, 214, 255}
	}
	dusk := y / pictureHeight
	return color.RGBA{uint8(64 + 190*dusk), uint8(86 + 120*dusk), uint8(140 + 30*dusk), 255}
}
