module github.com/microroute/microroute

go 1.26
