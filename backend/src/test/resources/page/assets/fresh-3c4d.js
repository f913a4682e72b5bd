console.log("fresh");
