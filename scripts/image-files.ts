import { layOut } from './image.js'

const [folder] = process.argv.slice(2)
if (folder === undefined) throw new Error('Usage: npm run image-files -- FOLDER')
console.log(`${layOut(folder).length} packages beside the program in ${folder}`)
