module github.com/microroute/microroute/cmd/microroute

go 1.26.0

replace github.com/microroute/microroute => ../..

require (
	github.com/alecthomas/kong v1.17.0
	github.com/microroute/microroute v0.0.0-00010101000000-000000000000
	golang.org/x/term v0.47.0
	rsc.io/qr v0.2.0
)

require golang.org/x/sys v0.49.0 // indirect
