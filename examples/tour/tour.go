package main

import (
	"embed"
	"io/fs"

	"github.com/microroute/microroute"
)

// files is the tour itself: its page, and its code to be shown there.
//
//go:embed *.go web
var files embed.FS

// newTour returns the App of the tour, which has its Renderer beside what config says. It keeps the file that it sends in
// dir.
func newTour(dir string, config microroute.Config) (*microroute.App, error) {
	pages, err := loadPages(files)
	if err != nil {
		return nil, err
	}
	lines, err := writeLines(dir)
	if err != nil {
		return nil, err
	}
	assets, err := fs.Sub(files, "web/assets")
	if err != nil {
		return nil, err
	}
	config.Renderer = pages
	app, board := microroute.New(config), newBoard()
	front(app, assets)
	answers(app)
	streams(app, board)
	events(app, board)
	detours(app)
	requests(app)
	cookies(app)
	downloads(app, lines)
	uploads(app, board)
	jobs(app, board)
	wire(app)
	return app, nil
}
